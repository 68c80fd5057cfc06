import Foundation

/// Two curves as functions along one axis, over the part of it that they share.
///
/// It is what the distances of ``BjontegaardDelta`` integrate and what a ``SavingsCurve`` shows.
struct CurveDifference {
  /// What the functions are of; the other one is their value.
  enum Axis {
    /// The natural logarithm of the rate over the score.
    case score
    /// The score over the natural logarithm of the rate.
    case logRate
  }

  /// The curve that is compared.
  let test: PiecewiseCubic
  /// The curve that it is compared with.
  let anchor: PiecewiseCubic
  /// What the curves share of the axis.
  let range: ClosedRange<Double>
  /// The part of the span of both curves together that they share, above 0 and at most 1.
  let overlap: Double
  /// How many points of both curves were left out to make them monotone and finite.
  let droppedPoints: Int

  /// Draws two curves through their points.
  ///
  /// - Throws: the reason why the curves cannot be compared.
  init(
    of test: RateCurve, against anchor: RateCurve, along axis: Axis, interpolation: Interpolation
  ) throws(BjontegaardDelta.Reason) {
    let (points, anchorPoints) = (try MonotonePoints(test), try MonotonePoints(anchor))
    let f = points.function(along: axis, interpolation: interpolation)
    let g = anchorPoints.function(along: axis, interpolation: interpolation)
    let (lower, upper) = (max(f.lowerEnd, g.lowerEnd), min(f.upperEnd, g.upperEnd))
    guard lower < upper else { throw .noOverlap }
    self.test = f
    self.anchor = g
    range = lower...upper
    overlap = (upper - lower) / (max(f.upperEnd, g.upperEnd) - min(f.lowerEnd, g.lowerEnd))
    droppedPoints = points.droppedCount + anchorPoints.droppedCount
  }

  /// The mean over ``range`` of what `test` lies above `anchor`.
  var mean: Double {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    let area = test.integral(from: lower, to: upper) - anchor.integral(from: lower, to: upper)
    return area / (upper - lower)
  }

  /// A distance of these curves.
  func value(delta: Double) -> BjontegaardDelta.Value {
    BjontegaardDelta.Value(delta: delta, overlap: overlap, droppedPoints: droppedPoints)
  }
}

/// The points of a curve that no other point dominates, from the lowest rate to the highest.
///
/// A point is dominated when another has no higher rate and no lower score. Rate and score are never
/// sorted apart.
struct MonotonePoints {
  /// The points that are left, at least ``BjontegaardDelta/minimumPointCount``.
  let kept: [RatePoint]
  /// How many points are not.
  let droppedCount: Int

  /// Chooses the points of a curve.
  ///
  /// - Throws: the reason why too few are left.
  init(_ curve: RateCurve) throws(BjontegaardDelta.Reason) {
    let needed = BjontegaardDelta.minimumPointCount
    guard curve.points.count >= needed else { throw .tooFewPoints }
    let finite = curve.points.filter { $0.score.value.isFinite && $0.rate.value > 0 }
    guard finite.count >= needed else { throw .infinite }
    var kept: [RatePoint] = []
    for point in finite.sorted(by: { ($0.rate, $1.score) < ($1.rate, $0.score) }) {
      if let best = kept.last?.score, point.score <= best { continue }
      kept.append(point)
    }
    guard kept.count >= needed else { throw .nonMonotone }
    self.kept = kept
    droppedCount = curve.points.count - kept.count
  }

  /// The function through the points.
  func function(
    along axis: CurveDifference.Axis, interpolation: Interpolation
  ) -> PiecewiseCubic {
    let (scores, logRates) = (kept.map(\.score.value), kept.map { log($0.rate.value) })
    return switch axis {
    case .score: interpolation.function(x: scores, y: logRates)
    case .logRate: interpolation.function(x: logRates, y: scores)
    }
  }
}
