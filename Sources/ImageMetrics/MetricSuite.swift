import Imaging

/// A choice of metrics that are computed together, so that they share their work.
///
/// ```swift
/// let reference = MetricSuite().prepare(original)
/// let scores = try reference.scores(of: decoded)
/// print(scores[.psnr] ?? .nan)
/// ```
public struct MetricSuite: Sendable {
  /// The metrics that are computed.
  public let metrics: [MetricID]

  /// Chooses metrics; all of them unless told otherwise.
  public init(_ metrics: [MetricID] = MetricID.allCases) {
    self.metrics = metrics
  }

  /// Does the work that depends on the reference alone.
  ///
  /// - Precondition: the picture has at most `ImageLimits.maximumPixelCount` pixels.
  public func prepare(_ reference: Image) -> PreparedReference {
    precondition(
      reference.pixelCount <= ImageLimits.maximumPixelCount,
      "sums of squared errors are exact up to ImageLimits.maximumPixelCount pixels")
    return PreparedReference(reference, metrics: metrics)
  }
}
