/// `x + second(first(x))`, (N, C, H, W) to the same shape, without batch normalisation.
///
/// Source: He et al. 2016 as used by Li et al. 2017, Figure 8. The branch's layers carry their own
/// activations; ``activation`` follows the sum.
public struct ResidualBlock: Sendable {
  /// C to the inner width.
  public let first: Convolution
  /// The inner width to C; an activation here is applied before the sum.
  public let second: Convolution
  /// The nonlinearity after the sum.
  public let activation: Activation

  /// Joins two layers.
  ///
  /// - Precondition: `second` returns to the channels of `first`'s input, and neither changes the
  ///   height or width.
  public init(first: Convolution, second: Convolution, activation: Activation) {
    precondition(
      second.outputChannelCount == first.inputChannelCount
        && second.inputChannelCount == first.outputChannelCount,
      "a residual block ends with the channels that it began with")
    self.first = first
    self.second = second
    self.activation = activation
  }
}
