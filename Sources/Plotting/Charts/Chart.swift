/// Curves over two axes, in one panel or in several that share the axes.
///
/// The chart says what is shown; ``ChartStyle`` says how large. ``svg(style:)`` and
/// ``pgfplots(style:)`` draw it.
public struct Chart: Sendable {
  /// One of the two axes, shared by all panels.
  public struct Axis: Hashable, Sendable {
    /// What the axis shows, with its unit.
    public let label: String
    /// The values shown.
    public let domain: ClosedRange<Double>
    /// Whether equal distances are equal factors.
    public let isLogarithmic: Bool

    /// Makes an axis.
    ///
    /// - Precondition: a logarithmic axis shows positive values.
    public init(label: String, domain: ClosedRange<Double>, isLogarithmic: Bool = false) {
      precondition(!isLogarithmic || domain.lowerBound > 0, "logarithms are of positive numbers")
      self.label = label
      self.domain = domain
      self.isLogarithmic = isLogarithmic
    }
  }

  /// A field with curves.
  public struct Panel: Hashable, Sendable {
    /// The text above the panel, or empty.
    public let title: String
    /// The curves in the order in which they are drawn.
    public let series: [Series]

    /// Makes a panel.
    public init(title: String = "", series: [Series]) {
      self.title = title
      self.series = series
    }
  }

  /// A name for ids inside the file: letters, digits, `_` and `-`.
  public let name: String
  /// The title above the chart and for screen readers.
  public let title: String
  /// A description for screen readers.
  public let summary: String
  /// The horizontal axis.
  public let xAxis: Axis
  /// The vertical axis.
  public let yAxis: Axis
  /// A value of the vertical axis at which a line is drawn across, as where nothing is gained.
  public let baseline: Double?
  /// The panels in reading order.
  public let panels: [Panel]

  /// Makes a chart.
  ///
  /// - Precondition: there is a panel.
  public init(
    name: String, title: String, summary: String, xAxis: Axis, yAxis: Axis,
    baseline: Double? = nil, panels: [Panel]
  ) {
    precondition(!panels.isEmpty, "a chart has a panel")
    self.name = name
    self.title = title
    self.summary = summary
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.baseline = baseline
    self.panels = panels
  }

  /// Draws the chart.
  ///
  /// - Returns: a complete SVG document, the same bytes for the same chart and style.
  public func svg(style: ChartStyle = ChartStyle()) -> String {
    ChartDrawing(chart: self, layout: ChartLayout(chart: self, style: style)).root.document
  }

  /// Writes the chart as a LaTeX document for pgfplots, with its numbers inside.
  ///
  /// - Returns: a document of the `standalone` class, the same bytes for the same chart and style.
  public func pgfplots(style: ChartStyle = ChartStyle()) -> String {
    PGFPlotsDocument(chart: self, layout: ChartLayout(chart: self, style: style)).text
  }

  /// One curve for each entry of the legend: the first of each label over all panels.
  var legendSeries: [Series] {
    var seen: Set<String> = []
    return panels.flatMap(\.series).filter { seen.insert($0.label).inserted }
  }
}
