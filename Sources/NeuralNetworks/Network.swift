import CDNNLShims

/// Layers compiled for one size, with all the memory that a run needs.
///
/// A network runs one picture after another in the same memory; two tasks need two networks, which
/// share the packed weights. Activations pass in and out as 32-bit floats, channels-last: row by
/// row, pixel by pixel, channel by channel.
public final class Network {
  private enum CompiledStep {
    case convolution(ConvolutionPrimitive, PackedWeights, Convolution, [PostOperation])
    case move
  }

  private let engine: Engine
  private let steps: [(ExecutionStep, CompiledStep)]
  private let inputs: [Activations]
  private let outputs: [Activations]
  private let plan: MemoryPlan
  private let arena: AlignedMemory
  private let scratchpad: AlignedMemory

  /// How many bytes the activations and the scratchpad take.
  public let memorySize: Int

  /// Compiles the layers and plans the memory.
  ///
  /// - Throws: ``NeuralNetworkError`` when oneDNN refuses.
  public init(_ builder: NetworkBuilder) throws(NeuralNetworkError) {
    engine = builder.engine
    engine.enter()
    var compiled: [(ExecutionStep, CompiledStep)] = []
    var scratchpadSize = 0
    for step in builder.steps {
      guard case .convolution(let layer, let input, let output, let operations) = step else {
        compiled.append((step, .move))
        continue
      }
      let primitive = try ConvolutionPrimitive(
        layer, input: input, output: output, operations: operations, engine: builder.engine)
      let weights = try layer.packed(for: primitive)
      scratchpadSize = max(scratchpadSize, primitive.scratchpadSize)
      compiled.append((step, .convolution(primitive, weights, layer, operations)))
    }
    steps = compiled
    inputs = builder.inputs
    outputs = builder.outputs
    plan = MemoryPlan(builder.buffers)
    arena = AlignedMemory(size: plan.totalSize)
    scratchpad = AlignedMemory(size: scratchpadSize)
    memorySize = plan.totalSize + scratchpadSize
  }

  /// Runs the layers.
  ///
  /// - Parameters:
  ///   - values: the inputs in the order of their declaration, each H · W · C floats.
  ///   - factors: one number per channel for each name that a layer was given.
  /// - Returns: the outputs in the order of their declaration, each H · W · C floats.
  /// - Precondition: number and sizes of inputs and factors are those of the network.
  /// - Throws: ``NeuralNetworkError`` when oneDNN fails.
  public func run(
    _ values: [[Float]], factors: [String: [Float]] = [:]
  ) throws(NeuralNetworkError) -> [[Float]] {
    precondition(values.count == inputs.count, "one array for each input")
    engine.enter()
    for (input, elements) in zip(inputs, values) {
      precondition(elements.count == input.elementCount, "an input has H · W · C numbers")
      unsafe elements.withUnsafeBytes { source in
        unsafe pointer(input).copyMemory(from: source.baseAddress!, byteCount: source.count)
      }
    }
    for (step, compiled) in steps {
      switch compiled {
      case .convolution(let primitive, let weights, let layer, let operations):
        try run(step, primitive, weights, layer, operations, factors)
      case .move:
        move(step)
      }
    }
    return outputs.map { output in
      unsafe [Float](unsafeUninitializedCapacity: output.elementCount) { buffer, count in
        let source = unsafe pointer(output).assumingMemoryBound(to: Float.self)
        unsafe buffer.baseAddress!.initialize(from: source, count: output.elementCount)
        count = output.elementCount
      }
    }
  }

  private func pointer(_ values: Activations) -> UnsafeMutableRawPointer {
    unsafe arena.pointer + plan.offsets[values.buffer]
  }

  private func run(
    _ step: ExecutionStep, _ primitive: ConvolutionPrimitive, _ weights: PackedWeights,
    _ layer: Convolution, _ operations: [PostOperation], _ factors: [String: [Float]]
  ) throws(NeuralNetworkError) {
    guard case .convolution(_, let input, let output, _) = step else { return }
    // The operands of the post-operations one after another: PReLU's slopes and named factors.
    var numbers: [Float] = []
    var starts: [Int?] = []
    for operation in operations {
      switch operation {
      case .scale(let name):
        guard let factor = factors[name], factor.count == layer.outputChannelCount else {
          preconditionFailure("factor \(name) needs \(layer.outputChannelCount) numbers")
        }
        starts.append(numbers.count)
        numbers += factor
      case .prelu(let slopes):
        starts.append(numbers.count)
        numbers += slopes
      default:
        starts.append(nil)
      }
    }
    let status = unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe layer.bias.withUnsafeBufferPointer { bias in
        func operand(_ index: Int) -> UnsafeRawPointer? {
          guard index < operations.count else { return nil }
          return unsafe starts[index].map { unsafe .init(numbers.baseAddress! + $0) }
        }
        var arguments = unsafe CDNNLConvolutionArguments(
          source: pointer(input), packedWeights: weights.memory.pointer, bias: bias.baseAddress,
          destination: pointer(output), scratchpad: scratchpad.pointer,
          operands: (operand(0), operand(1), operand(2), operand(3)))
        return unsafe CDNNLConvolutionExecute(primitive.pointer, &arguments)
      }
    }
    try check(status, "run a convolution of \(layer.weights.shape)")
  }

  private func move(_ step: ExecutionStep) {
    switch step {
    case .input, .convolution:
      break
    case .convert(let source, let destination):
      unsafe CDNNLFloatsToBFloat16(
        pointer(source).assumingMemoryBound(to: Float.self),
        pointer(destination).assumingMemoryBound(to: UInt16.self), Int64(source.elementCount))
    case .multiply(let first, let second, let destination):
      switch first.precision {
      case .float32:
        unsafe CDNNLMultiplyFloats(
          pointer(first).assumingMemoryBound(to: Float.self),
          pointer(second).assumingMemoryBound(to: Float.self),
          pointer(destination).assumingMemoryBound(to: Float.self), Int64(first.elementCount))
      case .bfloat16:
        unsafe CDNNLMultiplyBFloat16(
          pointer(first).assumingMemoryBound(to: UInt16.self),
          pointer(second).assumingMemoryBound(to: UInt16.self),
          pointer(destination).assumingMemoryBound(to: UInt16.self), Int64(first.elementCount))
      }
    case .depthToSpace(let source, let destination, let block):
      unsafe CDNNLDepthToSpace(
        pointer(source), pointer(destination), Int64(source.height), Int64(source.width),
        Int64(source.channelCount), Int64(block), Int64(source.precision.elementSize))
    case .spaceToDepth(let source, let destination, let block):
      unsafe CDNNLSpaceToDepth(
        pointer(source), pointer(destination), Int64(source.height), Int64(source.width),
        Int64(source.channelCount), Int64(block), Int64(source.precision.elementSize))
    }
  }
}
