import Foundation

/// The mean distance of two rate-distortion curves (Bjøntegaard, VCEG-M33, 2001).
///
/// ``rate(of:against:interpolation:)`` says how many per cent more bits the one needs at equal
/// quality, ``quality(of:against:interpolation:)`` by how much its score is higher at equal rate.
/// The rate is taken logarithmically, and the curves are integrated analytically over what they
/// have in common; nothing is extrapolated.
public enum BjontegaardDelta {
  /// A distance, or why there is none.
  public enum Outcome: Hashable, Sendable {
    /// The curves could be compared.
    case value(Value)
    /// They could not.
    case unavailable(Reason)

    /// The distance, if there is one.
    public var value: Value? {
      if case .value(let value) = self { value } else { nil }
    }
  }

  /// A distance and how far it can be trusted.
  public struct Value: Hashable, Sendable {
    /// Per cent of rate, negative for savings; or units of the score, positive for gains.
    public let delta: Double
    /// The part of the span of both curves together that they share, above 0 and at most 1.
    public let overlap: Double
    /// How many points of both curves were left out to make them monotone and finite.
    public let droppedPoints: Int
  }

  /// Why two curves have no distance.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The curves share no quality (or, for the distance in quality, no rate).
    case noOverlap
    /// A curve has fewer than ``minimumPointCount`` points.
    case tooFewPoints
    /// A curve has enough points, but too few after dropping those that another one dominates.
    case nonMonotone
    /// A curve has enough points, but too few whose score is finite.
    case infinite
  }

  /// How many usable points each curve needs: four, as in VCEG-M33, whatever the interpolation.
  public static let minimumPointCount = 4

  /// How many per cent more bits `test` needs than `anchor` at equal score, on average.
  ///
  /// - Returns: a negative number where `test` needs fewer bits.
  public static func rate(
    of test: RateCurve, against anchor: RateCurve, interpolation: Interpolation = .pchip
  ) -> Outcome {
    compare(
      test, anchor, interpolation, along: \.score.value, value: { log($0.rate.value) },
      delta: { 100 * expm1($0) })
  }

  /// By how much the score of `test` is higher than that of `anchor` at equal rate, on average.
  ///
  /// - Returns: a positive number where `test` is better, in the unit of the score.
  public static func quality(
    of test: RateCurve, against anchor: RateCurve, interpolation: Interpolation = .pchip
  ) -> Outcome {
    compare(
      test, anchor, interpolation, along: { log($0.rate.value) }, value: \.score.value,
      delta: { $0 })
  }

  private static func compare(
    _ test: RateCurve, _ anchor: RateCurve, _ interpolation: Interpolation,
    along position: (RatePoint) -> Double, value: (RatePoint) -> Double,
    delta: (Double) -> Double
  ) -> Outcome {
    let points: (test: MonotonePoints, anchor: MonotonePoints)
    do throws(Unusable) {
      points = (try MonotonePoints(test), try MonotonePoints(anchor))
    } catch {
      return .unavailable(error.reason)
    }
    func function(_ points: [RatePoint]) -> PiecewiseCubic {
      interpolation.function(x: points.map(position), y: points.map(value))
    }
    let (f, g) = (function(points.test.kept), function(points.anchor.kept))
    let ends = (f.knots.first, g.knots.first, f.knots.last, g.knots.last)
    guard case (let f0?, let g0?, let f1?, let g1?) = ends else { return .unavailable(.noOverlap) }
    let (lower, upper) = (max(f0, g0), min(f1, g1))
    guard lower < upper else { return .unavailable(.noOverlap) }
    let difference = f.integral(from: lower, to: upper) - g.integral(from: lower, to: upper)
    return .value(
      Value(
        delta: delta(difference / (upper - lower)),
        overlap: (upper - lower) / (max(f1, g1) - min(f0, g0)),
        droppedPoints: points.test.droppedCount + points.anchor.droppedCount))
  }
}

/// Why a curve cannot be integrated.
private struct Unusable: Error {
  let reason: BjontegaardDelta.Reason
}

/// The points of a curve that no other point dominates, from the lowest rate to the highest.
///
/// A point is dominated when another has no higher rate and no lower score. Rate and score are never
/// sorted apart.
private struct MonotonePoints {
  let kept: [RatePoint]
  let droppedCount: Int

  init(_ curve: RateCurve) throws(Unusable) {
    let needed = BjontegaardDelta.minimumPointCount
    guard curve.points.count >= needed else { throw Unusable(reason: .tooFewPoints) }
    let finite = curve.points.filter { $0.score.value.isFinite && $0.rate.value > 0 }
    guard finite.count >= needed else { throw Unusable(reason: .infinite) }
    var kept: [RatePoint] = []
    for point in finite.sorted(by: { ($0.rate, $1.score) < ($1.rate, $0.score) }) {
      if let best = kept.last?.score, point.score <= best { continue }
      kept.append(point)
    }
    guard kept.count >= needed else { throw Unusable(reason: .nonMonotone) }
    self.kept = kept
    droppedCount = curve.points.count - kept.count
  }
}
