/// How large a chart is and what surrounds it.
public struct ChartStyle: Hashable, Sendable {
  /// The width of a column of a paper in two columns: 3.5 inches, as the IEEE has it.
  public static let oneColumn = Length(3.5, .inches)
  /// The width of both columns with the gap between them: 7.16 inches, as the IEEE has it.
  public static let twoColumns = Length(7.16, .inches)

  /// The width of the whole picture.
  public var width: Length
  /// The size of all text but the title, in points.
  public var fontSize: Double
  /// The font as CSS names it, most wanted first.
  public var fontFamily: String
  /// Whether the title stands above the chart; papers put it into the caption.
  public var showsTitle: Bool

  /// Makes a style.
  ///
  /// - Parameters:
  ///   - width: the width on the page; text keeps its size in points whatever the width is.
  ///   - fontSize: in points; 7 up to 105 mm, a journal's single column, and 9 above, unless given.
  ///   - fontFamily: a list as in CSS; LaTeX takes the font of the document instead.
  ///   - showsTitle: whether the title stands above the chart.
  public init(
    width: Length = Length(640, .pixels), fontSize: Double? = nil,
    fontFamily: String = "Helvetica, Arial, 'Liberation Sans', sans-serif",
    showsTitle: Bool = true
  ) {
    self.width = width
    self.fontSize = fontSize ?? (width.points <= Self.narrowWidth ? 7 : 9)
    self.fontFamily = fontFamily
    self.showsTitle = showsTitle
  }

  /// The widest picture that counts as one column, in points.
  static let narrowWidth = 300.0
  /// The width of curves, in points.
  var lineWidth: Double { fontSize * 0.14 }
  /// The width of a full marker, in points.
  var markerSize: Double { fontSize * 0.56 }
}
