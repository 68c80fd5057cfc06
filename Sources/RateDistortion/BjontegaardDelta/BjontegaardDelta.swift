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
  public enum Reason: String, Error, Hashable, Sendable, CaseIterable {
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
    outcome { () throws(Reason) in
      let difference = try CurveDifference(
        of: test, against: anchor, along: .score, interpolation: interpolation)
      return difference.value(delta: 100 * expm1(difference.mean))
    }
  }

  /// By how much the score of `test` is higher than that of `anchor` at equal rate, on average.
  ///
  /// - Returns: a positive number where `test` is better, in the unit of the score.
  public static func quality(
    of test: RateCurve, against anchor: RateCurve, interpolation: Interpolation = .pchip
  ) -> Outcome {
    outcome { () throws(Reason) in
      let difference = try CurveDifference(
        of: test, against: anchor, along: .logRate, interpolation: interpolation)
      return difference.value(delta: difference.mean)
    }
  }

  private static func outcome(_ body: () throws(Reason) -> Value) -> Outcome {
    do throws(Reason) {
      return .value(try body())
    } catch {
      return .unavailable(error)
    }
  }
}
