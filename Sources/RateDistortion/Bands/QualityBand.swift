import Foundation

/// How far the curve of a set would move with other images: a 95 % bootstrap band around it.
///
/// **Definition.** The images are drawn anew 2,000 times with replacement (``Bootstrap``; the draws
/// of the intervals of ``SetDelta``, and the same ones for every codec). Each time the curve of the
/// means is computed from the drawn images and interpolated as score over the logarithm of the rate,
/// over its points that no other one dominates. At a rate, the band reaches from the 2.5th to the
/// 97.5th percentile of these scores. It stands at the rates of the curve's own points and at both
/// ends of the rates that the curve and *all* resampled ones reach: nothing is extrapolated, so a
/// band may end a little before its curve.
///
/// Bands of two codecs may overlap although the one is better on every image, because hard images
/// lower both curves. How certain a difference is says ``SavingsCurve/band``.
public struct QualityBand: Hashable, Sendable {
  /// The band at one rate.
  public struct Point: Hashable, Sendable {
    /// The horizontal axis.
    public let rate: BitsPerPixel
    /// The interval of the mean score.
    public let scores: ClosedRange<Score>
  }

  /// The band from the lowest rate to the highest.
  public let points: [Point]

  /// Resamples the images of a curve of means.
  ///
  /// - Parameters:
  ///   - sweep: the configuration.
  ///   - images: the images behind the curve.
  ///   - measure: what the curve shows.
  ///   - weighting: how images of different sizes share in the means.
  ///   - interpolation: how resampled curves are drawn through their points.
  /// - Returns: `nil` with fewer than two images, for a measure that falls with quality, and where
  ///   the curve or a resampled one has no four points that no other dominates.
  public init?(
    of sweep: Sweep, over images: [String], measure: QualityMeasure,
    weighting: Weighting = .images, interpolation: Interpolation = .pchip
  ) {
    guard images.count > 1, measure.higherIsBetter else { return nil }
    let table = SweepTable(sweep, images: images, measure: measure, weighting: weighting)
    func function(_ curve: RateCurve) -> PiecewiseCubic? {
      try? MonotonePoints(curve).function(along: .logRate, interpolation: interpolation)
    }
    let mean = table.meanCurve(counts: Array(repeating: 1, count: images.count))
    guard let own = function(mean) else { return nil }
    var functions: [PiecewiseCubic] = []
    for counts in Bootstrap.counts(imageCount: images.count) {
      guard let function = function(table.meanCurve(counts: counts)) else { return nil }
      functions.append(function)
    }
    guard let reach = (functions + [own]).sharedRange else { return nil }
    let inner = own.knots.filter { reach.lowerBound < $0 && $0 < reach.upperBound }
    let positions = [reach.lowerBound] + inner + [reach.upperBound]
    let values = functions.map { $0.values(at: positions) }
    points = positions.indices.map { index in
      let interval = Bootstrap.percentileInterval(of: values.map { $0[index] })
      return Point(
        rate: BitsPerPixel(exp(positions[index])),
        scores: Score(interval.lowerBound)...Score(interval.upperBound))
    }
  }
}

extension [PiecewiseCubic] {
  /// What all functions have in common, or `nil` when that is no interval.
  var sharedRange: ClosedRange<Double>? {
    guard let lower = map(\.lowerEnd).max(), let upper = map(\.upperEnd).min(), lower < upper
    else { return nil }
    return lower...upper
  }
}
