/// The polynomial of degree 3 with the least squared distance from given points.
///
/// It is built from polynomials that are orthogonal over the points (Forsythe 1957), which needs no
/// linear system and is accurate where powers of x are not.
struct CubicFit {
  /// The polynomial over the span of the points.
  let function: PiecewiseCubic

  /// Fits points.
  ///
  /// - Precondition: at least 4 points with strictly increasing `x`.
  init(x: [Double], y: [Double]) {
    let count = Double(x.count)
    let (start, end) = (x[0], x[x.count - 1])
    let half = (end - start) / 2
    // Positions from -1 to 1, then the two ends, whose values and slopes are asked for.
    let u = x.map { ($0 - start) / half - 1 }
    var current = Basis(points: [Double](repeating: 1, count: u.count))
    var previous = Basis(points: [Double](repeating: 0, count: u.count), ends: (0, 0))
    var previousNorm = count
    var values = (0.0, 0.0)
    var slopes = (0.0, 0.0)
    for degree in 0...3 {
      let norm = zip(current.points, current.points).map(*).reduce(0, +)
      let coefficient = zip(current.points, y).map(*).reduce(0, +) / norm
      values.0 += coefficient * current.ends.0
      values.1 += coefficient * current.ends.1
      slopes.0 += coefficient * current.slopes.0
      slopes.1 += coefficient * current.slopes.1
      guard degree < 3 else { break }
      let center = zip(u, current.points).map { $0 * $1 * $1 }.reduce(0, +) / norm
      let next = current.next(
        u: u, center: center, ratio: degree == 0 ? 0 : norm / previousNorm, previous: previous)
      (previous, current, previousNorm) = (current, next, norm)
    }
    function = PiecewiseCubic(
      knots: [start, end], values: [values.0, values.1],
      slopes: [slopes.0 / half, slopes.1 / half])
  }

  /// One of the orthogonal polynomials: at the points, and at both ends with its slopes.
  private struct Basis {
    let points: [Double]
    var ends = (1.0, 1.0)
    var slopes = (0.0, 0.0)

    /// The polynomial of the next degree by the three-term recurrence.
    func next(u: [Double], center: Double, ratio: Double, previous: Basis) -> Basis {
      Basis(
        points: u.indices.map { (u[$0] - center) * points[$0] - ratio * previous.points[$0] },
        ends: (
          (-1 - center) * ends.0 - ratio * previous.ends.0,
          (1 - center) * ends.1 - ratio * previous.ends.1
        ),
        slopes: (
          ends.0 + (-1 - center) * slopes.0 - ratio * previous.slopes.0,
          ends.1 + (1 - center) * slopes.1 - ratio * previous.slopes.1
        ))
    }
  }
}
