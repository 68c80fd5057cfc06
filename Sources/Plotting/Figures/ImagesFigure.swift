import RateDistortion

/// A panel for each image with the curves that the codecs have on it, all on the same axes.
public struct ImagesFigure: Sendable {
  /// The curves of one image.
  public struct Panel: Sendable {
    /// The name of the image's file.
    public let image: String
    /// The curves in the order in which they are drawn.
    public let curves: [FigureCurve]

    /// Names curves of an image.
    public init(image: String, curves: [FigureCurve]) {
      self.image = image
      self.curves = curves
    }
  }

  /// What the vertical axis shows.
  public let measure: QualityMeasure
  /// The panels in reading order.
  public let panels: [Panel]
  /// Sentences for the description: what was left out and why.
  public let remarks: [String]
  /// What the horizontal axis shows.
  public let rates: RateRange

  /// Makes a figure.
  ///
  /// - Precondition: there is a panel.
  public init(
    measure: QualityMeasure, panels: [Panel], remarks: [String] = [],
    rates: RateRange = RateRange()
  ) {
    precondition(!panels.isEmpty, "a figure has a panel")
    self.measure = measure
    self.panels = panels
    self.remarks = remarks
    self.rates = rates
  }

  /// The figure as a chart.
  public var chart: Chart {
    // One list of points for each codec, so that the axis is that of the longest codec's curve.
    let curves = panels.flatMap(\.curves)
    let codecs = Dictionary(grouping: curves, by: \.legendLabel).sorted { $0.key < $1.key }
    let axes = RateAxes(
      measure: measure, curves: codecs.map { $0.value.flatMap(\.curve.points) }, rates: rates)
    let datasets = Set(curves.map(\.curve.key.dataset))
    let place = datasets.count == 1 ? datasets.first.map { " of \($0)" } ?? "" : ""
    let description =
      "Rate in bits per pixel against \(measure.name) in a panel for each of "
      + "\(panels.count) image\(panels.count == 1 ? "" : "s")."
    return Chart(
      name: "\(measure.id)-images", title: "\(measure.name) of each image\(place)",
      summary: ([description] + remarks).joined(separator: " "), xAxis: axes.rate,
      yAxis: Chart.Axis(label: axisLabel, domain: axes.score.domain),
      panels: panels.map { panel in
        Chart.Panel(
          title: panel.image,
          series: panel.curves.map { $0.series(measure: measure, axes: axes) })
      })
  }

  /// The measure and its unit; nothing is averaged here.
  private var axisLabel: String {
    guard !measure.unit.isEmpty, !measure.name.contains("decibels") else { return measure.name }
    return "\(measure.name) (\(measure.unit))"
  }
}
