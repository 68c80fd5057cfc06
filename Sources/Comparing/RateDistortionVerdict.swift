import RateDistortion
import Results

/// Whether a codec became worse in rate and distortion, for one metric.
///
/// The measure is the BD-rate of the new run against the baseline, image by image. Where images have
/// none, because their curves are too short, lossless or do not overlap, and where the curves share
/// too little of their span, the settings themselves are compared as well.
public struct RateDistortionVerdict: Sendable {
  /// What is known, the most serious first.
  public enum Outcome: String, Sendable, CaseIterable, Comparable {
    /// More bits at equal quality, or a setting that lost on one axis and did not gain on the other.
    case worse
    /// Settings moved along the curve, and the curves are too short to say which way is better.
    case undecided
    /// The opposite of worse.
    case better
    /// No difference beyond the rules.
    case same
    /// The metric has no value in both runs.
    case notApplicable

    /// Whether one outcome is more serious than the other.
    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// The least part of their span that two runs of a codec share if nothing is wrong at the ends.
  static let leastOverlap = 0.8

  /// The metric.
  public let measure: QualityMeasure
  /// What is known.
  public let outcome: Outcome
  /// The distance of the curves, test against baseline.
  public let curves: SetDelta
  /// The settings that were compared because the curves do not tell all; otherwise none.
  public let settings: [SettingDelta]
  /// The images that need most more bits, in per cent.
  public let worstImages: [ImageFigure]

  /// Compares two runs of one configuration over the measurements that both have.
  init(of test: Sweep, against anchor: Sweep, measure: QualityMeasure, rules: ComparisonRules) {
    self.measure = measure
    curves = SetDelta(of: test, against: anchor, kind: .rate, measure: measure)
    worstImages = ImageFigure.largest(
      of: curves.images.compactMap { image in
        image.outcome.value.map { ImageFigure(image: image.image, value: $0.delta) }
      }, above: rules.ratePercent)
    let isShort = curves.meanOverlap.map { $0 < Self.leastOverlap } ?? true
    let unjudged = curves.images.filter { isShort || $0.outcome.value == nil }.map(\.image)
    settings =
      unjudged.isEmpty
      ? [] : SettingDelta.deltas(of: test, against: anchor, over: unjudged, measure: measure)
    let outcomes = settings.map { Self.outcome($0, rules) }
    outcome = ([Self.outcome(curves, rules)].compactMap(\.self) + outcomes).min() ?? .notApplicable
  }

  /// What the curves say, or `nil` where no image has a distance.
  private static func outcome(_ delta: SetDelta, _ rules: ComparisonRules) -> Outcome? {
    guard let mean = delta.mean else { return nil }
    switch Change(mean, delta.interval, threshold: rules.ratePercent) {
    case .up: return .worse
    case .down: return .better
    case .none: return .same
    }
  }

  /// What one setting says.
  private static func outcome(_ delta: SettingDelta, _ rules: ComparisonRules) -> Outcome {
    let rate = Change(delta.rate, delta.rateInterval, threshold: rules.ratePercent)
    var score = Change(delta.score, delta.scoreInterval, threshold: rules.scoreDecibels)
    if !delta.lossyImages.isEmpty {
      score = .down
    } else if !delta.losslessImages.isEmpty, score == .none {
      score = .up
    }
    return switch (rate, score) {
    case (.none, .none): .same
    case (.up, .none), (.up, .down), (.none, .down): .worse
    case (.down, .none), (.down, .up), (.none, .up): .better
    case (.up, .up), (.down, .down): .undecided
    }
  }

  /// A difference beyond a threshold whose interval does not reach to 0.
  private enum Change {
    case up
    case down
    case none

    init(_ value: Double, _ interval: ClosedRange<Double>?, threshold: Double) {
      let interval = interval ?? value...value
      if value > threshold, interval.lowerBound > 0 {
        self = .up
      } else if value < -threshold, interval.upperBound < 0 {
        self = .down
      } else {
        self = .none
      }
    }
  }
}
