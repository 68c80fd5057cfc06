import CDNNLShims

/// A convolution that oneDNN has compiled for one size, precision and list of post-operations.
@safe final class ConvolutionPrimitive: @unchecked Sendable {
  // oneDNN's primitives may be run by several threads, each with its own arguments.
  let pointer: OpaquePointer
  // Primitives must not outlive their engine.
  private let engine: EngineHandle

  init(
    _ layer: Convolution, input: Activations, output: Activations, operations: [PostOperation],
    engine: Engine
  ) throws(NeuralNetworkError) {
    precondition(
      operations.count <= Int(CDNNLMaximumPostOperationCount), "too many post-operations")
    var description = CDNNLConvolutionDescription()
    description.batch = 1
    description.inputChannels = Int64(layer.inputChannelCount)
    description.outputChannels = Int64(layer.outputChannelCount)
    description.groups = Int64(layer.groupCount)
    description.inputHeight = Int64(input.height)
    description.inputWidth = Int64(input.width)
    description.outputHeight = Int64(output.height)
    description.outputWidth = Int64(output.width)
    description.kernelHeight = Int64(layer.kernelSize.height)
    description.kernelWidth = Int64(layer.kernelSize.width)
    description.stride = Int64(layer.stride)
    description.paddingTop = Int64(layer.padding.top)
    description.paddingLeft = Int64(layer.padding.left)
    description.paddingBottom = Int64(layer.padding.bottom)
    description.paddingRight = Int64(layer.padding.right)
    description.isTransposed = layer.isTransposed
    description.source = input.precision.element
    description.destination = output.precision.element
    description.postOperationCount = Int32(operations.count)
    let list = operations.map(\.shimOperation)
    let none = CDNNLPostOperation(kind: CDNNLPostOperationAddDestination, alpha: 0)
    description.postOperations = (
      list.first ?? none, list.count > 1 ? list[1] : none, list.count > 2 ? list[2] : none,
      list.count > 3 ? list[3] : none
    )
    var created: OpaquePointer?
    try check(
      unsafe CDNNLConvolutionCreate(engine.handle.pointer, &description, &created),
      "prepare a convolution of \(layer.weights.shape) on \(input.height)×\(input.width)")
    guard let created = unsafe created else {
      throw NeuralNetworkError(.libraryFailure, "oneDNN gave no convolution")
    }
    unsafe pointer = created
    self.engine = engine.handle
  }

  deinit { unsafe CDNNLConvolutionDestroy(pointer) }

  /// The working memory of one run, in bytes.
  var scratchpadSize: Int { unsafe CDNNLConvolutionScratchpadSize(pointer) }
}

/// Weights in the layout that some primitives want.
final class PackedWeights: Sendable {
  let memory: AlignedMemory
  private let primitive: ConvolutionPrimitive

  init(_ weights: Tensor, for primitive: ConvolutionPrimitive) throws(NeuralNetworkError) {
    memory = AlignedMemory(size: unsafe CDNNLConvolutionPackedWeightsSize(primitive.pointer))
    self.primitive = primitive
    try check(
      unsafe CDNNLConvolutionPackWeights(primitive.pointer, weights.elements, memory.pointer),
      "pack weights of \(weights.shape)")
  }

  func fits(_ other: ConvolutionPrimitive) -> Bool {
    unsafe CDNNLConvolutionHasSamePacking(primitive.pointer, other.pointer)
  }
}

extension Precision {
  fileprivate var element: CDNNLElement {
    self == .float32 ? CDNNLElementFloat32 : CDNNLElementBFloat16
  }
}

extension PostOperation {
  fileprivate var shimOperation: CDNNLPostOperation {
    switch self {
    case .scale: CDNNLPostOperation(kind: CDNNLPostOperationScale, alpha: 0)
    case .addDestination: CDNNLPostOperation(kind: CDNNLPostOperationAddDestination, alpha: 0)
    case .leakyReLU(let slope):
      CDNNLPostOperation(kind: CDNNLPostOperationLeakyReLU, alpha: slope)
    case .prelu: CDNNLPostOperation(kind: CDNNLPostOperationPReLU, alpha: 0)
    case .sigmoid: CDNNLPostOperation(kind: CDNNLPostOperationSigmoid, alpha: 0)
    case .tanh: CDNNLPostOperation(kind: CDNNLPostOperationTanh, alpha: 0)
    case .squareRoot: CDNNLPostOperation(kind: CDNNLPostOperationSquareRoot, alpha: 0)
    case .reciprocal: CDNNLPostOperation(kind: CDNNLPostOperationReciprocal, alpha: 0)
    case .inverseSquareRoot:
      CDNNLPostOperation(kind: CDNNLPostOperationInverseSquareRoot, alpha: 0)
    }
  }
}
