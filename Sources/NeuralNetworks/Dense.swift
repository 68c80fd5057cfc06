/// A layer that is connected to every element of its input, (N, C, H, W) to (N, D, 1, 1).
///
/// It is a convolution whose kernel covers the input once.
public struct Dense: Sendable {
  let layer: Convolution

  /// Makes a layer from its weights.
  ///
  /// - Parameters:
  ///   - weights: (D, C · H · W), the input's elements channel by channel, then row by row, as
  ///     PyTorch flattens.
  ///   - bias: D numbers, or `nil` for zeros.
  ///   - inputShape: C, H and W.
  ///   - activation: the nonlinearity behind it.
  /// - Precondition: the shapes agree, and a PReLU has D slopes.
  public init(
    weights: Tensor, bias: [Float]?, inputShape: (channelCount: Int, height: Int, width: Int),
    activation: Activation = .identity
  ) {
    precondition(weights.shape.count == 2, "weights are (outputs, inputs)")
    layer = Convolution(
      weights: Tensor(
        shape: [
          weights.shape[0], inputShape.channelCount, inputShape.height, inputShape.width,
        ], elements: weights.elements),
      bias: bias, padding: 0, activation: activation)
  }
}
