import CDNNLShims

/// One run of a network in borrowed memory.
struct NetworkRun {
  let plan: MemoryPlan
  let memory: AlignedMemory
  let factors: RunFactors

  /// Where the elements of some activations lie.
  func pointer(_ values: Activations) -> UnsafeMutableRawPointer {
    unsafe memory.pointer + plan.offsets[values.buffer]
  }

  /// Runs a convolution.
  func convolve(
    _ step: ExecutionStep, _ primitive: ConvolutionPrimitive, _ weights: PackedWeights,
    _ layer: Convolution, _ operations: [PostOperation]
  ) throws(NeuralNetworkError) {
    guard case .convolution(_, let input, let output, _) = step else { return }
    // The operands of the post-operations one after another: PReLU's slopes and named factors.
    var numbers: [Float] = []
    var starts: [Int?] = []
    for operation in operations {
      switch operation {
      case .scale(let key):
        starts.append(numbers.count)
        numbers += factors.numbers(key)
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
          destination: pointer(output), scratchpad: memory.pointer + plan.totalSize,
          operands: (operand(0), operand(1), operand(2), operand(3)))
        return unsafe CDNNLConvolutionExecute(primitive.pointer, &arguments)
      }
    }
    try check(status, "run a convolution of \(layer.weights.shape)")
  }
}
