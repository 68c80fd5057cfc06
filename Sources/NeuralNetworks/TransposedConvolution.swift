/// A two-dimensional transposed convolution, (N, C, H, W) to (N, D, H′, W′).
///
/// Each input position adds the kernel, times its value, to the output around `stride` times its
/// place; the cropping then takes rows and columns off the edges. H′ = (H − 1) · stride + kernel
/// height − cropping above and below, W′ likewise. Source: Dumoulin and Visin 2016, section 4.
public struct TransposedConvolution: Sendable {
  let layer: Convolution

  /// Makes a layer from its weights.
  ///
  /// - Parameters:
  ///   - weights: (C, D / groups, kernel height, kernel width), as PyTorch keeps them.
  ///   - bias: D numbers, or `nil` for zeros.
  ///   - stride: the step between the places of neighbouring inputs, both ways.
  ///   - cropping: what is cut off the output.
  ///   - groupCount: into how many groups the channels are divided.
  ///   - activation: the nonlinearity behind it.
  /// - Precondition: the shapes agree, a PReLU has D slopes, and the groups divide C.
  public init(
    weights: Tensor, bias: [Float]?, stride: Int, cropping: Padding, groupCount: Int = 1,
    activation: Activation = .identity
  ) {
    layer = Convolution(
      weights: weights, bias: bias, stride: stride, padding: cropping, groupCount: groupCount,
      activation: activation, isTransposed: true)
  }

  /// Makes a layer whose output is `stride` times as high and wide as its input, with the kernel's
  /// middle on the place of each input.
  ///
  /// It is PyTorch's with a padding of ⌊kernel / 2⌋ and an output padding of stride − 1 for odd
  /// kernels.
  ///
  /// - Precondition: as for the initializer with a cropping; the kernel is odd and at least
  ///   2 · stride − 1 high and wide.
  public init(
    weights: Tensor, bias: [Float]?, enlarging stride: Int, groupCount: Int = 1,
    activation: Activation = .identity
  ) {
    let (height, width) = (weights.shape[2], weights.shape[3])
    precondition(height % 2 == 1 && width % 2 == 1, "a kernel with a middle is odd")
    self.init(
      weights: weights, bias: bias, stride: stride,
      cropping: Padding(
        top: height / 2, left: width / 2, bottom: height / 2 - (stride - 1),
        right: width / 2 - (stride - 1)),
      groupCount: groupCount, activation: activation)
  }
}
