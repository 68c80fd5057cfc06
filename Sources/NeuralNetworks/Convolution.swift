import Synchronization

/// A two-dimensional convolution with zero padding, (N, C, H, W) to (N, D, H′, W′).
///
/// H′ = ⌊(H + 2 · padding − kernel height) / stride⌋ + 1, W′ likewise. Like all layers it is a
/// description with weights; a ``NetworkBuilder`` makes it run. The weights are brought into the
/// layout that oneDNN is fastest with once, at first use, and shared by all tasks.
public final class Convolution: Sendable {
  /// C.
  public let inputChannelCount: Int
  /// D.
  public let outputChannelCount: Int
  /// Kernel height and width.
  public let kernelSize: (height: Int, width: Int)
  /// The step between neighbouring outputs, both ways.
  public let stride: Int
  /// How many zeros surround the input on each side.
  public let padding: Int
  /// The nonlinearity behind it.
  public let activation: Activation
  let weights: Tensor
  let bias: [Float]
  private let packings = Mutex<[PackedWeights]>([])

  /// Makes a layer from its weights.
  ///
  /// - Parameters:
  ///   - weights: (D, C, kernel height, kernel width).
  ///   - bias: D numbers, or `nil` for zeros.
  ///   - stride: the step between neighbouring outputs, both ways.
  ///   - padding: how many zeros surround the input on each side.
  ///   - activation: the nonlinearity behind it.
  /// - Precondition: the shapes agree, and a PReLU has D slopes.
  public init(
    weights: Tensor, bias: [Float]?, stride: Int = 1, padding: Int,
    activation: Activation = .identity
  ) {
    precondition(weights.shape.count == 4, "weights are (outputs, inputs, height, width)")
    precondition(stride > 0 && padding >= 0, "a stride is positive, a padding is not negative")
    let outputCount = weights.shape[0]
    precondition(bias == nil || bias?.count == outputCount, "one bias per output channel")
    if case .prelu(let slopes) = activation {
      precondition(slopes.count == outputCount, "one slope per output channel")
    }
    self.weights = weights
    self.bias = bias ?? [Float](repeating: 0, count: outputCount)
    inputChannelCount = weights.shape[1]
    outputChannelCount = outputCount
    kernelSize = (weights.shape[2], weights.shape[3])
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }

  /// The extents of the result for an input of `height` × `width`.
  func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
    (
      (height + 2 * padding - kernelSize.height) / stride + 1,
      (width + 2 * padding - kernelSize.width) / stride + 1
    )
  }

  /// The weights in the layout that `primitive` wants.
  func packed(for primitive: ConvolutionPrimitive) throws(NeuralNetworkError) -> PackedWeights {
    try packings.withLock { (packings) throws(NeuralNetworkError) in
      if let known = packings.first(where: { $0.fits(primitive) }) { return known }
      let new = try PackedWeights(weights, for: primitive)
      packings.append(new)
      return new
    }
  }
}
