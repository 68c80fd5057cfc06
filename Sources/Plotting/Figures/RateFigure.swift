import RateDistortion

/// A rate-distortion figure: bits per pixel against one measure of quality.
public struct RateFigure: Sendable {
  /// What the vertical axis shows.
  public let measure: QualityMeasure
  /// The curves in the order in which they are drawn.
  public let curves: [FigureCurve]
  /// Sentences for the description: what was left out and why.
  public let remarks: [String]
  /// What the horizontal axis shows.
  public let rates: RateRange

  /// Makes a figure.
  ///
  /// - Precondition: there is a curve, and each has a point with finite score.
  public init(
    measure: QualityMeasure, curves: [FigureCurve], remarks: [String] = [],
    rates: RateRange = RateRange()
  ) {
    precondition(!curves.isEmpty, "a figure has a curve")
    precondition(
      curves.allSatisfy { $0.curve.points.contains { $0.score.value.isFinite } },
      "a curve has a point")
    self.measure = measure
    self.curves = curves
    self.remarks = remarks
    self.rates = rates
  }

  /// The figure as a chart.
  public var chart: Chart {
    let axes = RateAxes(
      measure: measure, curves: curves.map(\.curve.points), bands: curves.compactMap(\.band),
      rates: rates)
    return Chart(
      name: measure.id, title: title, summary: summary, xAxis: axes.rate, yAxis: axes.score,
      panels: [Chart.Panel(series: curves.map { $0.series(measure: measure, axes: axes) })])
  }

  /// The measure's name, then the dataset and the number of images where all curves share them.
  private var title: String {
    let measured = curves.filter(\.remark.isEmpty).map(\.curve)
    guard let first = measured.first, !first.key.dataset.isEmpty,
      measured.allSatisfy({ $0.key.dataset == first.key.dataset })
    else { return measure.name }
    let count = first.imageCount
    return "\(measure.name) on \(first.key.dataset), \(count) image\(count == 1 ? "" : "s")"
  }

  private var summary: String {
    let names = curves.map(\.legendLabel)
    let sentences = [
      "Rate in bits per pixel against \(measure.axisLabel) for \(names.joined(separator: ", "))."
    ]
    return (sentences + remarks).joined(separator: " ")
  }
}
