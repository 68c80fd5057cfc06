import Synchronization

/// How many positions are added around an input, or cut off around an output.
public struct Padding: Sendable, Equatable {
  /// Rows above and below, columns left and right.
  public let top, left, bottom, right: Int

  /// Makes a padding.
  ///
  /// - Precondition: none is negative.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    precondition(min(top, left, bottom, right) >= 0, "a padding is not negative")
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }

  /// The same on all sides.
  public static func all(_ count: Int) -> Padding {
    Padding(top: count, left: count, bottom: count, right: count)
  }
}

/// A two-dimensional convolution with zero padding, (N, C, H, W) to (N, D, H′, W′).
///
/// H′ = ⌊(H + padding above and below − kernel height) / stride⌋ + 1, W′ likewise. Like all layers
/// it is a description with weights; a ``NetworkBuilder`` makes it run. The weights are brought into
/// the layout that oneDNN is fastest with once, at first use, and shared by all tasks.
public final class Convolution: Sendable {
  /// C.
  public let inputChannelCount: Int
  /// D.
  public let outputChannelCount: Int
  /// Kernel height and width.
  public let kernelSize: (height: Int, width: Int)
  /// The step between neighbouring outputs, both ways.
  public let stride: Int
  /// How many zeros surround the input.
  public let padding: Padding
  /// Into how many groups the channels are divided; a group's outputs see only its own inputs.
  public let groupCount: Int
  /// The nonlinearity behind it.
  public let activation: Activation
  let weights: Tensor
  let bias: [Float]
  /// Whether it is the transpose, as ``TransposedConvolution`` describes; the padding is cut off
  /// the output then.
  let isTransposed: Bool
  private let packings = Mutex<[PackedWeights]>([])

  /// Makes a layer from its weights, with the same padding on all sides.
  ///
  /// - Parameters:
  ///   - weights: (D, C / groups, kernel height, kernel width).
  ///   - bias: D numbers, or `nil` for zeros.
  ///   - stride: the step between neighbouring outputs, both ways.
  ///   - padding: how many zeros surround the input on each side.
  ///   - groupCount: into how many groups the channels are divided; C for a depthwise convolution.
  ///   - activation: the nonlinearity behind it.
  /// - Precondition: the shapes agree, a PReLU has D slopes, and the groups divide D.
  public convenience init(
    weights: Tensor, bias: [Float]?, stride: Int = 1, padding: Int, groupCount: Int = 1,
    activation: Activation = .identity
  ) {
    self.init(
      weights: weights, bias: bias, stride: stride, padding: .all(padding),
      groupCount: groupCount, activation: activation)
  }

  /// Makes a layer from its weights, with a padding that may differ between the sides.
  ///
  /// - Precondition: as for the initializer with one padding.
  public convenience init(
    weights: Tensor, bias: [Float]?, stride: Int = 1, padding: Padding, groupCount: Int = 1,
    activation: Activation = .identity
  ) {
    self.init(
      weights: weights, bias: bias, stride: stride, padding: padding, groupCount: groupCount,
      activation: activation, isTransposed: false)
  }

  init(
    weights: Tensor, bias: [Float]?, stride: Int, padding: Padding, groupCount: Int,
    activation: Activation, isTransposed: Bool
  ) {
    precondition(weights.shape.count == 4, "weights have four dimensions")
    precondition(stride > 0 && groupCount > 0, "a stride and a number of groups are positive")
    precondition(weights.shape[0] % groupCount == 0, "the groups must divide the channels")
    inputChannelCount = isTransposed ? weights.shape[0] : weights.shape[1] * groupCount
    outputChannelCount = isTransposed ? weights.shape[1] * groupCount : weights.shape[0]
    precondition(bias == nil || bias?.count == outputChannelCount, "one bias per output channel")
    if case .prelu(let slopes) = activation {
      precondition(slopes.count == outputChannelCount, "one slope per output channel")
    }
    self.weights = weights
    self.bias = bias ?? [Float](repeating: 0, count: outputChannelCount)
    kernelSize = (weights.shape[2], weights.shape[3])
    self.stride = stride
    self.padding = padding
    self.groupCount = groupCount
    self.activation = activation
    self.isTransposed = isTransposed
  }

  /// The extents of the result for an input of `height` × `width`.
  func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
    (
      outputLength(height, kernelSize.height, padding.top + padding.bottom),
      outputLength(width, kernelSize.width, padding.left + padding.right)
    )
  }

  private func outputLength(_ length: Int, _ kernel: Int, _ padding: Int) -> Int {
    isTransposed
      ? (length - 1) * stride + kernel - padding : (length + padding - kernel) / stride + 1
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
