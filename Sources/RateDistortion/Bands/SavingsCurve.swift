import Foundation

/// How much rate a codec saves against an anchor, over the quality: where along the curve its gain
/// lies.
///
/// **Definition.** Both curves are those of the means over the images that both codecs finished, and
/// are interpolated as ln R(q), the logarithm of the rate over the quality, exactly as for BD-rate.
/// At each quality that both reach, the saving is
///
///     s(q) = 100 · (1 − R_test(q) / R_anchor(q)) per cent,
///
/// positive where the codec needs fewer bits.
///
/// **Relation to BD-rate.** BD-rate averages the logarithm of the same ratio over the same range
/// [a, b] of qualities, so that
///
///     BD-rate of the mean curves = 100 · (exp( 1/(b−a) · ∫ ln(1 − s(q)/100) dq ) − 1) per cent.
///
/// It is the geometric mean over quality of the rate ratio that the curve shows, and equals
/// ``SetDelta/meanCurves``. The mean of the images' own BD-rates is another figure: it averages
/// percentages, each over the range of its own image.
public struct SavingsCurve: Hashable, Sendable {
  /// The saving at one quality.
  public struct Point: Hashable, Sendable {
    /// The horizontal axis.
    public let quality: Score
    /// The rate that is saved, in per cent; negative where more is needed.
    public let saving: Double
    /// The point of the test curve at this quality, or `nil` between its points.
    public let measured: RatePoint?
  }

  /// The 95 % interval of the saving at one quality.
  public struct BandPoint: Hashable, Sendable {
    /// The horizontal axis.
    public let quality: Score
    /// The interval in per cent of rate.
    public let savings: ClosedRange<Double>
  }

  /// The configuration that saves.
  public let test: CurveKey
  /// The configuration that it is compared with.
  public let anchor: CurveKey
  /// The curve from the lowest quality that both reach to the highest.
  public let points: [Point]
  /// The paired bootstrap band.
  ///
  /// In each of the 2,000 resamples of ``Bootstrap`` both mean curves are computed from the same
  /// drawn images, and the interval is from the 2.5th to the 97.5th percentile of the saving. It
  /// covers the qualities that all resamples reach, and is empty for published curves, with fewer
  /// than two images, and where a resample cannot be compared.
  public let band: [BandPoint]
  /// BD-rate of the two curves, which is the curve's geometric mean.
  public let rateDelta: BjontegaardDelta.Value
  /// How many images the means are over.
  public let imageCount: Int

  /// Compares two sweeps of one dataset over the images that both finished.
  ///
  /// - Parameters:
  ///   - test: the configuration that saves.
  ///   - anchor: the configuration that it is compared with.
  ///   - measure: the quality.
  ///   - isBanded: whether to compute ``band``.
  ///   - interpolation: how curves are drawn through their points.
  ///   - weighting: how images of different sizes share in the means.
  /// - Throws: the reason why the curves cannot be compared.
  /// - Precondition: `measure.higherIsBetter`.
  public init(
    of test: Sweep, against anchor: Sweep, measure: QualityMeasure, isBanded: Bool = true,
    interpolation: Interpolation = .pchip, weighting: Weighting = .images
  ) throws(BjontegaardDelta.Reason) {
    precondition(measure.higherIsBetter, "a saving needs a measure that grows with quality")
    let images = test.completeImages(sharedWith: anchor)
    let tables = [test, anchor].map {
      SweepTable($0, images: images, measure: measure, weighting: weighting)
    }
    func difference(_ counts: [Double]) throws(BjontegaardDelta.Reason) -> CurveDifference {
      try CurveDifference(
        of: tables[0].meanCurve(counts: counts), against: tables[1].meanCurve(counts: counts),
        along: .score, interpolation: interpolation)
    }
    let counts = [Double](repeating: 1, count: images.count)
    let own = try difference(counts)
    self.init(
      own, curve: tables[0].meanCurve(counts: counts), anchor: anchor.key,
      band: isBanded && images.count > 1
        ? Self.band(own) {
          Bootstrap.counts(imageCount: images.count).map { try? difference($0) }
        } : [])
  }

  /// Compares a published curve with a sweep over all images that the sweep finished.
  ///
  /// - Throws: the reason why the curves cannot be compared.
  /// - Precondition: `measure.higherIsBetter`.
  public init(
    ofPublished test: RateCurve, against anchor: Sweep, measure: QualityMeasure,
    interpolation: Interpolation = .pchip, weighting: Weighting = .images
  ) throws(BjontegaardDelta.Reason) {
    precondition(measure.higherIsBetter, "a saving needs a measure that grows with quality")
    let mean = anchor.meanCurve(
      over: anchor.completeImages, measure: measure, weighting: weighting)
    let difference = try CurveDifference(
      of: test, against: mean, along: .score, interpolation: interpolation)
    self.init(difference, curve: test, anchor: anchor.key, band: [])
  }

  /// How many parts the curve has between the ends of its range, besides the test codec's points.
  private static let curveParts = 96
  /// How many parts the band has.
  private static let bandParts = 48

  private init(
    _ difference: CurveDifference, curve: RateCurve, anchor: CurveKey, band: [BandPoint]
  ) {
    test = curve.key
    self.anchor = anchor
    imageCount = curve.imageCount
    self.band = band
    rateDelta = difference.value(delta: 100 * expm1(difference.mean))
    let measured = Dictionary(
      curve.points.map { ($0.score.value, $0) }, uniquingKeysWith: { $0.rate < $1.rate ? $0 : $1 })
    let own = difference.test.knots.filter(difference.range.contains)
    let positions = Set(difference.range.divided(into: Self.curveParts) + own).sorted()
    points = zip(positions, difference.savings(at: positions)).map {
      Point(
        quality: Score($0), saving: $1,
        measured: own.contains($0) ? measured[$0] : nil)
    }
  }

  private static func band(
    _ own: CurveDifference, resamples: () -> [CurveDifference?]
  ) -> [BandPoint] {
    let all = resamples()
    let differences = all.compactMap(\.self)
    guard differences.count == all.count,
      let reach = ([own] + differences).flatMap({ [$0.test, $0.anchor] }).sharedRange
    else { return [] }
    let positions = reach.divided(into: bandParts)
    let savings = differences.map { $0.savings(at: positions) }
    return positions.indices.map { index in
      BandPoint(
        quality: Score(positions[index]),
        savings: Bootstrap.percentileInterval(of: savings.map { $0[index] }))
    }
  }
}

extension CurveDifference {
  /// Per cent of rate that is saved, at scores that do not decrease.
  fileprivate func savings(at positions: [Double]) -> [Double] {
    zip(test.values(at: positions), anchor.values(at: positions)).map { -100 * expm1($0 - $1) }
  }
}

extension ClosedRange<Double> {
  /// The ends of equal parts, from the lower bound to the upper one.
  fileprivate func divided(into count: Int) -> [Double] {
    (0...count).map { part in
      part == count
        ? upperBound
        : lowerBound + (upperBound - lowerBound) * Double(part) / Double(count)
    }
  }
}
