/// The nonlinearity behind a layer, computed while the layer's result is stored.
public enum Activation: Sendable, Equatable {
  /// None.
  case identity
  /// max(x, 0).
  case relu
  /// x above zero, slope · x below.
  case leakyReLU(slope: Float)
  /// x above zero, slope · x below, with one slope per channel.
  case prelu(slopes: [Float])
  /// 1 / (1 + e^−x).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  /// The operation that oneDNN appends, or `nil` for none.
  var operation: PostOperation? {
    switch self {
    case .identity: nil
    case .relu: .leakyReLU(slope: 0)
    case .leakyReLU(let slope): .leakyReLU(slope: slope)
    case .prelu(let slopes): .prelu(slopes: slopes)
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    }
  }
}

/// What happens to each result of a convolution before it is stored, in the order of a list.
enum PostOperation: Sendable, Equatable {
  /// Multiply by one factor per channel, given at each run.
  case scale(FactorKey)
  /// Add what the destination held before.
  case addDestination
  case leakyReLU(slope: Float)
  case prelu(slopes: [Float])
  case sigmoid
  case tanh
  case squareRoot
  case inverseSquareRoot
  case reciprocal
}
