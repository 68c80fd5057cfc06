/// A smooth function through or near given points, in cubic pieces, with an exact integral.
///
/// Each piece is given by values and slopes at its two ends (Hermite form), so the integral of a
/// piece is a closed expression and no quadrature is needed.
public struct PiecewiseCubic: Sendable {
  /// The ends of the pieces, increasing.
  public let knots: [Double]
  /// The values at the knots.
  public let values: [Double]
  /// The slopes at the knots.
  public let slopes: [Double]

  /// Makes a function from values and slopes.
  ///
  /// - Precondition: at least two knots, strictly increasing, each with a value and a slope.
  public init(knots: [Double], values: [Double], slopes: [Double]) {
    precondition(knots.count >= 2, "a function has at least one piece")
    precondition(
      values.count == knots.count && slopes.count == knots.count,
      "each knot has a value and a slope")
    precondition(zip(knots, knots.dropFirst()).allSatisfy(<), "knots increase")
    self.knots = knots
    self.values = values
    self.slopes = slopes
  }

  /// The lowest knot.
  public var lowerEnd: Double { knots[0] }

  /// The highest knot.
  public var upperEnd: Double { knots[knots.count - 1] }

  /// The value at a position; outside the knots the outer pieces are continued.
  public func value(at x: Double) -> Double {
    let piece = piece(at: x)
    let t = (x - knots[piece]) / width(of: piece)
    let (c0, c1, c2, c3) = coefficients(of: piece)
    return c0 + t * (c1 + t * (c2 + t * c3))
  }

  /// The values at positions that do not decrease, faster than one by one.
  public func values(at positions: [Double]) -> [Double] {
    var piece = 0
    var (c0, c1, c2, c3) = coefficients(of: 0)
    return positions.map { x in
      var isNew = false
      while piece < knots.count - 2, x >= knots[piece + 1] {
        piece += 1
        isNew = true
      }
      if isNew { (c0, c1, c2, c3) = coefficients(of: piece) }
      let t = (x - knots[piece]) / width(of: piece)
      return c0 + t * (c1 + t * (c2 + t * c3))
    }
  }

  /// The exact integral between two positions inside the knots, the lower first.
  public func integral(from lower: Double, to upper: Double) -> Double {
    var sum = 0.0
    for piece in 0..<(knots.count - 1) {
      let start = max(lower, knots[piece])
      let end = min(upper, knots[piece + 1])
      guard start < end else { continue }
      sum += antiderivative(piece, end) - antiderivative(piece, start)
    }
    return sum
  }

  private func antiderivative(_ piece: Int, _ x: Double) -> Double {
    let t = (x - knots[piece]) / width(of: piece)
    let (c0, c1, c2, c3) = coefficients(of: piece)
    return width(of: piece) * t * (c0 + t * (c1 / 2 + t * (c2 / 3 + t * c3 / 4)))
  }

  /// The piece's polynomial in the position that runs from 0 to 1 within it.
  private func coefficients(of piece: Int) -> (Double, Double, Double, Double) {
    let rise = values[piece + 1] - values[piece]
    let first = slopes[piece] * width(of: piece)
    let last = slopes[piece + 1] * width(of: piece)
    return (values[piece], first, 3 * rise - 2 * first - last, first + last - 2 * rise)
  }

  private func width(of piece: Int) -> Double { knots[piece + 1] - knots[piece] }

  private func piece(at x: Double) -> Int {
    let next = knots.firstIndex { $0 > x } ?? knots.count - 1
    return max(0, min(knots.count - 2, next - 1))
  }
}
