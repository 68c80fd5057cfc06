import RateDistortion

/// A rate-distortion figure: bits per pixel against one measure of quality.
public struct RateFigure: Sendable {
  /// A curve as it is shown.
  public struct Curve: Sendable {
    /// The points.
    public let curve: RateCurve
    /// The name in the legend.
    public let label: String
    /// Colour and marker.
    public let style: CurveStyle
    /// Whether the figures were taken from a publication rather than measured.
    public let isPublished: Bool

    /// Dresses a curve.
    public init(curve: RateCurve, label: String, style: CurveStyle, isPublished: Bool = false) {
      self.curve = curve
      self.label = label
      self.style = style
      self.isPublished = isPublished
    }
  }

  /// What the vertical axis shows.
  public let measure: QualityMeasure
  /// The curves in the order in which they are drawn.
  public let curves: [Curve]
  /// Sentences for the description: what was left out and why.
  public let remarks: [String]
  /// The largest rate shown, or `nil` to choose one.
  public let rateLimit: BitsPerPixel?

  /// Makes a figure.
  ///
  /// - Precondition: there is a curve, and each has a point with finite score.
  public init(
    measure: QualityMeasure, curves: [Curve], remarks: [String] = [],
    rateLimit: BitsPerPixel? = nil
  ) {
    precondition(!curves.isEmpty, "a figure has a curve")
    precondition(
      curves.allSatisfy { $0.curve.points.contains { $0.score.value.isFinite } },
      "a curve has a point")
    self.measure = measure
    self.curves = curves
    self.remarks = remarks
    self.rateLimit = rateLimit
  }

  /// The figure as a chart.
  public var chart: Chart {
    let end = rateEnd
    let xDomain = 0...(end * 1.03)
    return Chart(
      name: measure.id, title: title, summary: summary, xLabel: "Rate (bits per pixel)",
      yLabel: measure.axisLabel, xDomain: xDomain, yDomain: scoreDomain(upTo: xDomain.upperBound),
      series: curves.map(series))
  }

  /// The largest rate shown.
  ///
  /// It is the largest of all points, unless a single curve goes far beyond the others and would
  /// press them together: then the axis ends a quarter beyond the second longest curve.
  private var rateEnd: Double {
    if let rateLimit { return rateLimit.value }
    let ends = curves.map { $0.curve.points.map(\.rate.value).max() ?? 0 }.sorted(by: >)
    return ends.count > 1 ? min(ends[0], ends[1] * 1.25) : ends[0]
  }

  /// The scores of the points that are shown, with a margin inside the measure's bounds.
  private func scoreDomain(upTo rate: Double) -> ClosedRange<Double> {
    let points = curves.flatMap(\.curve.points).filter { $0.score.value.isFinite }
    let shown = points.filter { $0.rate.value <= rate }
    let scores = (shown.isEmpty ? points : shown).map(\.score.value)
    guard let lowest = scores.min(), let highest = scores.max() else { return 0...1 }
    let margin = max((highest - lowest) * 0.04, highest.magnitude * 1e-6)
    let lower = lowest >= 0 ? max(0, lowest - margin) : lowest - margin
    return lower...min(max(highest, measure.upperBound), highest + margin)
  }

  private func series(_ curve: Curve) -> Chart.Series {
    let points = curve.curve.points.filter { $0.score.value.isFinite }.map { point in
      Chart.Point(
        x: point.rate.value, y: point.score.value, tooltip: tooltip(point, label: curve.label))
    }
    return Chart.Series(
      label: curve.label, style: curve.style, isDashed: curve.isPublished, points: points)
  }

  private func tooltip(_ point: RatePoint, label: String) -> String {
    var parts = [label]
    if let quality = point.quality {
      parts.append("quality \(FixedDecimal.shortest(quality, fractionDigits: 4))")
    }
    parts.append("\(FixedDecimal.padded(point.rate.value, fractionDigits: 4)) bpp")
    let score = FixedDecimal.padded(point.score.value, fractionDigits: measure.fractionDigits)
    parts.append("\(measure.name) \(score)\(measure.unit.isEmpty ? "" : " \(measure.unit)")")
    if point.infiniteCount > 0 {
      parts.append("mean of \(point.imageCount) images, \(point.infiniteCount) infinite left out")
    }
    return parts.joined(separator: ", ")
  }

  /// The measure's name, then the dataset and the number of images where all curves share them.
  private var title: String {
    let measured = curves.filter { !$0.isPublished }.map(\.curve)
    guard let first = measured.first, !first.key.dataset.isEmpty,
      measured.allSatisfy({ $0.key.dataset == first.key.dataset })
    else { return measure.name }
    let count = first.imageCount
    return "\(measure.name) on \(first.key.dataset), \(count) image\(count == 1 ? "" : "s")"
  }

  private var summary: String {
    let names = curves.map(\.label)
    let sentences = [
      "Rate in bits per pixel against \(measure.axisLabel) for \(names.joined(separator: ", "))."
    ]
    return (sentences + remarks).joined(separator: " ")
  }
}
