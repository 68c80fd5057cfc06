import CNeuralKernels

extension NetworkRun {
  /// Runs a step that oneDNN is not needed for.
  func move(_ step: ExecutionStep) {
    switch step {
    case .input, .convolution:
      break
    case .convert(let source, let destination):
      unsafe CNeuralFloatsToBFloat16(
        floats(source), brainFloats(destination), Int64(source.elementCount))
    case .multiply(let first, let second, let destination):
      let count = Int64(first.elementCount)
      switch first.precision {
      case .float32:
        unsafe CNeuralMultiplyFloats(floats(first), floats(second), floats(destination), count)
      case .bfloat16:
        unsafe CNeuralMultiplyBFloat16(
          brainFloats(first), brainFloats(second), brainFloats(destination), count)
      }
    case .add(let first, let second, let destination):
      let count = Int64(first.elementCount)
      switch first.precision {
      case .float32:
        unsafe CNeuralAddFloats(floats(first), floats(second), floats(destination), count)
      case .bfloat16:
        unsafe CNeuralAddBFloat16(
          brainFloats(first), brainFloats(second), brainFloats(destination), count)
      }
    case .magnitude(let source, let destination):
      let count = Int64(source.elementCount)
      switch source.precision {
      case .float32: unsafe CNeuralMagnitudeFloats(floats(source), floats(destination), count)
      case .bfloat16:
        unsafe CNeuralMagnitudeBFloat16(brainFloats(source), brainFloats(destination), count)
      }
    case .maximumPool(let source, let destination):
      let (height, width) = (Int64(source.height), Int64(source.width))
      let channels = Int64(source.channelCount)
      switch source.precision {
      case .float32:
        unsafe CNeuralMaximumPoolFloats(
          floats(source), floats(destination), height, width, channels)
      case .bfloat16:
        unsafe CNeuralMaximumPoolBFloat16(
          brainFloats(source), brainFloats(destination), height, width, channels)
      }
    case .modulate(let source, let destination, let factor):
      modulate(source, destination, factor)
    case .concatenate(let parts, let destination):
      var offset: Int64 = 0
      for part in parts {
        unsafe CNeuralCopyChannels(
          pointer(part), pointer(destination), Int64(part.height * part.width),
          part.bytesPerPosition, destination.bytesPerPosition, offset)
        offset += part.bytesPerPosition
      }
    case .enlarge(let source, let destination, let factor):
      unsafe CNeuralEnlarge(
        pointer(source), pointer(destination), Int64(source.height), Int64(source.width),
        source.bytesPerPosition, Int64(factor))
    case .depthToSpace(let source, let destination, let block):
      unsafe CNeuralDepthToSpace(
        pointer(source), pointer(destination), Int64(source.height), Int64(source.width),
        Int64(source.channelCount), Int64(block), Int64(source.precision.elementSize))
    case .spaceToDepth(let source, let destination, let block):
      unsafe CNeuralSpaceToDepth(
        pointer(source), pointer(destination), Int64(source.height), Int64(source.width),
        Int64(source.channelCount), Int64(block), Int64(source.precision.elementSize))
    }
  }

  private func modulate(
    _ source: Activations, _ destination: Activations, _ factor: FactorHandle
  ) {
    guard let map = factor.map, case .perPosition(let table, let levels) = factors.handled[factor]
    else { preconditionFailure("factors are checked before the run") }
    var grid = CNeuralLevelMap(
      blockHeight: Int64(source.height / map.height), blockWidth: Int64(source.width / map.width),
      height: Int64(map.height), width: Int64(map.width))
    let channels = Int64(source.channelCount)
    unsafe table.withUnsafeBufferPointer { table in
      unsafe levels.withUnsafeBufferPointer { levels in
        switch source.precision {
        case .float32:
          unsafe CNeuralModulateFloats(
            floats(source), floats(destination), channels, table.baseAddress!,
            levels.baseAddress!, &grid)
        case .bfloat16:
          unsafe CNeuralModulateBFloat16(
            brainFloats(source), brainFloats(destination), channels, table.baseAddress!,
            levels.baseAddress!, &grid)
        }
      }
    }
  }

  private func floats(_ values: Activations) -> UnsafeMutablePointer<Float> {
    unsafe pointer(values).assumingMemoryBound(to: Float.self)
  }

  private func brainFloats(_ values: Activations) -> UnsafeMutablePointer<UInt16> {
    unsafe pointer(values).assumingMemoryBound(to: UInt16.self)
  }
}

extension Activations {
  fileprivate var bytesPerPosition: Int64 { Int64(channelCount * precision.elementSize) }
}
