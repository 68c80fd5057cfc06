import RateDistortion
import Results

/// What a comparison of two runs counts as a difference.
public struct ComparisonRules: Sendable {
  /// The metrics for which rate and distortion are compared, each in decibels.
  public var measures: [QualityMeasure]
  /// Per cent of rate at equal quality up to which two curves count as equal.
  public var ratePercent: Double
  /// Decibels up to which the scores at one setting count as equal, where curves are too short.
  public var scoreDecibels: Double
  /// Per cent of time up to which two runs count as equally fast.
  public var timePercent: Double
  /// Seconds of one call up to which they do, whatever the ratio is.
  public var timeFloorSeconds: Double
  /// Codecs whose bytes are the same on every processor, for runs whose meta files do not say so
  /// themselves, as those of version 0.1.0; of others that is not known.
  public var portableCodecs: Set<String>
  /// Whether a measurement that the new run lacks is merely said, rather than counted as worse.
  public var allowsMissing: Bool

  /// Makes rules.
  public init(
    measures: [QualityMeasure], ratePercent: Double = 0.5, scoreDecibels: Double = 0.05,
    timePercent: Double = 20, timeFloorSeconds: Double = 0.0002, portableCodecs: Set<String> = [],
    allowsMissing: Bool = false
  ) {
    self.measures = measures
    self.ratePercent = ratePercent
    self.scoreDecibels = scoreDecibels
    self.timePercent = timePercent
    self.timeFloorSeconds = timeFloorSeconds
    self.portableCodecs = portableCodecs
    self.allowsMissing = allowsMissing
  }
}
