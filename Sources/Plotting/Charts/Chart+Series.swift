extension Chart {
  /// One corner of a curve.
  public struct Point: Hashable, Sendable {
    /// The value on the horizontal axis.
    public let x: Double
    /// The value on the vertical axis.
    public let y: Double
    /// The text that a browser shows over the point, or `nil` where the line bends without a marker.
    public let tooltip: String?

    /// Makes a point.
    public init(x: Double, y: Double, tooltip: String?) {
      self.x = x
      self.y = y
      self.tooltip = tooltip
    }
  }

  /// The ends of a band at one place.
  public struct BandPoint: Hashable, Sendable {
    /// The value on the horizontal axis.
    public let x: Double
    /// The interval on the vertical axis.
    public let y: ClosedRange<Double>

    /// Makes the ends of a band.
    public init(x: Double, y: ClosedRange<Double>) {
      self.x = x
      self.y = y
    }
  }

  /// Points that a line joins, in their order.
  public struct Series: Hashable, Sendable {
    /// The name in the legend.
    public let label: String
    /// Colour, marker and dashes.
    public let style: CurveStyle
    /// Whether the line has short dashes, as for figures that were not measured.
    public let isDashed: Bool
    /// The points.
    public let points: [Point]
    /// The area behind the line, from left to right; empty for none.
    public let band: [BandPoint]

    /// Makes a series.
    public init(
      label: String, style: CurveStyle, isDashed: Bool = false, points: [Point],
      band: [BandPoint] = []
    ) {
      self.label = label
      self.style = style
      self.isDashed = isDashed
      self.points = points
      self.band = band
    }

    /// Lengths of ink and gap in turn, in widths of the line; empty for a solid line.
    var dashes: [Double] { isDashed ? CurveStyle.publishedDashes : style.dashes }

    /// The band's outline: the upper edge from left to right, then the lower one back.
    var bandOutline: [(x: Double, y: Double)] {
      band.map { ($0.x, $0.y.upperBound) } + band.reversed().map { ($0.x, $0.y.lowerBound) }
    }
  }
}
