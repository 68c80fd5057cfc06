/// How a curve is drawn through its points before it is integrated.
public enum Interpolation: String, Hashable, Sendable, CaseIterable {
  /// Monotone cubic pieces: weighted harmonic means as interior slopes (Fritsch and Butland 1984)
  /// and shape-preserving three-point end slopes (Moler, *Numerical Computing with MATLAB*,
  /// section 3.6), as in MATLAB and SciPy 1.17.
  case pchip
  /// Akima's cubic pieces (1970), with the cutoff of SciPy 1.17 where the slope is undefined.
  case akima
  /// One polynomial of degree 3 by least squares, as in VCEG-M33; with four points it goes through
  /// all of them, with more it need not go through any.
  case cubic

  /// The function for some points.
  ///
  /// - Precondition: at least 4 points with strictly increasing `x`.
  public func function(x: [Double], y: [Double]) -> PiecewiseCubic {
    precondition(x.count >= 4 && x.count == y.count, "interpolation needs 4 points")
    switch self {
    case .pchip: return PiecewiseCubic(knots: x, values: y, slopes: Self.pchipSlopes(x, y))
    case .akima: return PiecewiseCubic(knots: x, values: y, slopes: Self.akimaSlopes(x, y))
    case .cubic: return CubicFit(x: x, y: y).function
    }
  }

  private static func secants(_ x: [Double], _ y: [Double]) -> (widths: [Double], slopes: [Double])
  {
    let widths = zip(x.dropFirst(), x).map(-)
    let rises = zip(y.dropFirst(), y).map(-)
    return (widths, zip(rises, widths).map(/))
  }

  private static func pchipSlopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let (h, m) = secants(x, y)
    let inner = (1..<m.count).map { k -> Double in
      guard m[k - 1] * m[k] > 0 else { return 0 }
      let first = 2 * h[k] + h[k - 1]
      let second = h[k] + 2 * h[k - 1]
      return (first + second) / (first / m[k - 1] + second / m[k])
    }
    let last = m.count - 1
    return [endSlope(h[0], h[1], m[0], m[1])] + inner
      + [endSlope(h[last], h[last - 1], m[last], m[last - 1])]
  }

  /// The three-point slope at an end, kept from overshooting.
  private static func endSlope(_ h0: Double, _ h1: Double, _ m0: Double, _ m1: Double) -> Double {
    let slope = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
    if slope * m0 <= 0 { return 0 }
    if m0 * m1 <= 0, abs(slope) > 3 * abs(m0) { return 3 * m0 }
    return slope
  }

  private static func akimaSlopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let inner = secants(x, y).slopes
    let (first, second) = (inner[0], inner[1])
    let (last, previous) = (inner[inner.count - 1], inner[inner.count - 2])
    let m =
      [3 * first - 2 * second, 2 * first - second] + inner
      + [2 * last - previous, 3 * last - 2 * previous]
    let changes = zip(m.dropFirst(), m).map { abs($0 - $1) }
    let weights = x.indices.map { changes[$0 + 2] + changes[$0] }
    let cutoff = 1e-9 * (weights.max() ?? 0)
    return x.indices.map { k in
      guard weights[k] > cutoff else { return (m[k] + m[k + 3]) / 2 }
      return m[k + 1] + changes[k] / weights[k] * (m[k + 2] - m[k + 1])
    }
  }
}
