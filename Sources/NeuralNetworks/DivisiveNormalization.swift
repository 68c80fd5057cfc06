/// Generalized divisive normalization (GDN) or its inverse, (N, C, H, W) to the same shape.
///
/// `y_i = x_i / sqrt(β_i + Σ_j γ_ij · x_j²)`, at each position by itself; the inverse multiplies in
/// place of dividing. Source: Ballé, Laparra and Simoncelli 2017, equations 1 and 2.
public struct DivisiveNormalization: Sendable {
  /// The sum under the root as a 1×1 convolution of the squares.
  let energy: Convolution
  /// Whether it multiplies.
  public let isInverse: Bool

  /// Makes a layer from its effective parameters, after any reparametrisation.
  ///
  /// - Parameters:
  ///   - gamma: (C, C), not negative.
  ///   - beta: C numbers, positive.
  ///   - isInverse: whether it multiplies.
  /// - Precondition: the shapes agree.
  public init(gamma: Tensor, beta: [Float], isInverse: Bool) {
    precondition(gamma.shape == [beta.count, beta.count], "γ is square, with one row per β")
    energy = Convolution(
      weights: Tensor(shape: gamma.shape + [1, 1], elements: gamma.elements), bias: beta,
      padding: 0)
    self.isInverse = isInverse
  }
}
