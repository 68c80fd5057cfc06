/// A line chart: series of points over two linear axes.
///
/// The chart says what is shown; ``ChartStyle`` says how large. ``svg(style:)`` draws it.
public struct Chart: Sendable {
  /// One point.
  public struct Point: Hashable, Sendable {
    /// The value on the horizontal axis.
    public let x: Double
    /// The value on the vertical axis.
    public let y: Double
    /// The text that a browser shows over the point.
    public let tooltip: String

    /// Makes a point.
    public init(x: Double, y: Double, tooltip: String) {
      self.x = x
      self.y = y
      self.tooltip = tooltip
    }
  }

  /// Points that a line joins, in their order.
  public struct Series: Hashable, Sendable {
    /// The name in the legend.
    public let label: String
    /// Colour and marker.
    public let style: CurveStyle
    /// Whether the line is dashed, as for figures that were not measured.
    public let isDashed: Bool
    /// The points.
    public let points: [Point]

    /// Makes a series.
    public init(label: String, style: CurveStyle, isDashed: Bool = false, points: [Point]) {
      self.label = label
      self.style = style
      self.isDashed = isDashed
      self.points = points
    }
  }

  /// A name for ids inside the file: letters, digits, `_` and `-`.
  public let name: String
  /// The title above the chart and for screen readers.
  public let title: String
  /// A description for screen readers.
  public let summary: String
  /// The label of the horizontal axis.
  public let xLabel: String
  /// The label of the vertical axis.
  public let yLabel: String
  /// The values shown on the horizontal axis.
  public let xDomain: ClosedRange<Double>
  /// The values shown on the vertical axis.
  public let yDomain: ClosedRange<Double>
  /// The curves in the order in which they are drawn.
  public let series: [Series]

  /// Makes a chart.
  public init(
    name: String, title: String, summary: String, xLabel: String, yLabel: String,
    xDomain: ClosedRange<Double>, yDomain: ClosedRange<Double>, series: [Series]
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xDomain = xDomain
    self.yDomain = yDomain
    self.series = series
  }

  /// Draws the chart.
  ///
  /// - Returns: a complete SVG document, the same bytes for the same chart and style.
  public func svg(style: ChartStyle = ChartStyle()) -> String {
    ChartDrawing(chart: self, layout: ChartLayout(chart: self, style: style)).root.document
  }
}

/// How large a chart is and what surrounds it.
public struct ChartStyle: Hashable, Sendable {
  /// The width of the whole picture.
  public var width: Length
  /// The size of all text but the title, in points.
  public var fontSize: Double
  /// Whether the title stands above the chart; papers put it into the caption.
  public var showsTitle: Bool

  /// Makes a style.
  ///
  /// - Parameters:
  ///   - width: the width on the page; text keeps its size in points whatever the width is.
  ///   - fontSize: in points; 7 up to 105 mm, a journal's single column, and 9 above, unless given.
  ///   - showsTitle: whether the title stands above the chart.
  public init(
    width: Length = Length(640, .pixels), fontSize: Double? = nil, showsTitle: Bool = true
  ) {
    self.width = width
    self.fontSize = fontSize ?? (width.points <= 300 ? 7 : 9)
    self.showsTitle = showsTitle
  }
}
