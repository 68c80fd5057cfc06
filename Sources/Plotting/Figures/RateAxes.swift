import RateDistortion

/// What the rate axis of a figure shows.
public struct RateRange: Hashable, Sendable {
  /// The largest rate shown, or `nil` to choose one.
  public let limit: BitsPerPixel?
  /// Whether equal distances are equal factors, and the axis does not begin at 0.
  public let isLogarithmic: Bool

  /// Says what is shown.
  public init(limit: BitsPerPixel? = nil, isLogarithmic: Bool = false) {
    self.limit = limit
    self.isLogarithmic = isLogarithmic
  }
}

/// The axes of rate-distortion curves, chosen so that all of them can be seen.
struct RateAxes {
  /// The horizontal axis.
  let rate: Chart.Axis
  /// The vertical axis.
  let score: Chart.Axis

  /// Chooses axes.
  ///
  /// The rate axis ends with the largest rate of all points, unless a single curve goes far beyond
  /// the others and would press them together: then it ends a quarter beyond the second longest.
  ///
  /// - Parameters:
  ///   - curves: the points of each curve.
  ///   - bands: the bands around them.
  init(
    measure: QualityMeasure, curves: [[RatePoint]], bands: [QualityBand] = [], rates: RateRange
  ) {
    let domain = Self.rateDomain(of: curves, rates)
    rate = Chart.Axis(
      label: "Rate (bits per pixel)", domain: domain, isLogarithmic: rates.isLogarithmic)
    let points = curves.flatMap(\.self).filter { $0.score.value.isFinite }
    let shown = points.filter { domain.contains($0.rate.value) }
    let edges = bands.flatMap(\.points).filter { domain.contains($0.rate.value) }
      .flatMap { [$0.scores.lowerBound.value, $0.scores.upperBound.value] }
    score = Chart.Axis(
      label: measure.axisLabel,
      domain: Self.scoreDomain(
        of: (shown.isEmpty ? points : shown).map(\.score.value) + edges, measure))
  }

  /// Whether a point has a place on the axes.
  func shows(_ point: RatePoint) -> Bool {
    point.score.value.isFinite && (!rate.isLogarithmic || point.rate.value > 0)
  }

  private static func rateDomain(
    of curves: [[RatePoint]], _ rates: RateRange
  ) -> ClosedRange<Double> {
    let ends = curves.map { $0.map(\.rate.value).max() ?? 0 }.sorted(by: >)
    let end =
      rates.limit?.value ?? (ends.count > 1 ? min(ends[0], ends[1] * 1.25) : ends.first ?? 0)
    guard rates.isLogarithmic else { return 0...(end * 1.03) }
    let positive = curves.flatMap(\.self).map(\.rate.value).filter { $0 > 0 }
    let start = min(positive.min() ?? 0.01, end > 0 ? end : 1)
    return (start / 1.1)...(max(start, end) * 1.1)
  }

  /// The scores with a margin inside the measure's bounds.
  private static func scoreDomain(
    of scores: [Double], _ measure: QualityMeasure
  ) -> ClosedRange<Double> {
    guard let lowest = scores.min(), let highest = scores.max() else { return 0...1 }
    let margin = max((highest - lowest) * 0.04, highest.magnitude * 1e-6)
    let lower = lowest >= 0 ? max(0, lowest - margin) : lowest - margin
    return lower...min(max(highest, measure.upperBound), highest + margin)
  }
}
