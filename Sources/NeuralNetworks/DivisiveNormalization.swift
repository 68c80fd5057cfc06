/// Generalized divisive normalization (GDN) or its inverse, (N, C, H, W) to the same shape.
///
/// `y_i = x_i / (β_i + Σ_j γ_ij · |x_j|^α)^ε`, at each position by itself; the inverse multiplies in
/// place of dividing. Sources: Ballé, Laparra and Simoncelli 2017, equations 1 and 2, and for α = ε =
/// 1 Johnston et al. 2019, section 3.
public struct DivisiveNormalization: Sendable {
  /// α and ε.
  public enum Exponent: Sendable, CaseIterable {
    /// α = 2 and ε = ½.
    case square
    /// α = 1 and ε = 1.
    case magnitude
  }

  /// The sum in the brackets as a 1×1 convolution.
  let energy: Convolution
  /// Whether it multiplies.
  public let isInverse: Bool
  /// α and ε.
  public let exponent: Exponent

  /// Makes a layer from its effective parameters, after any reparametrisation.
  ///
  /// - Parameters:
  ///   - gamma: (C, C), not negative.
  ///   - beta: C numbers, positive.
  ///   - isInverse: whether it multiplies.
  ///   - exponent: α and ε.
  /// - Precondition: the shapes agree.
  public init(gamma: Tensor, beta: [Float], isInverse: Bool, exponent: Exponent = .square) {
    precondition(gamma.shape == [beta.count, beta.count], "γ is square, with one row per β")
    energy = Convolution(
      weights: Tensor(shape: gamma.shape + [1, 1], elements: gamma.elements), bias: beta,
      padding: 0)
    self.isInverse = isInverse
    self.exponent = exponent
  }
}
