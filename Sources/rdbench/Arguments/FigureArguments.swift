import Analysis
import ArgumentParser
import Plotting

/// How `rdbench plot` dresses its figures.
struct FigureArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The width of a figure: one-column (3.5in), two-column (7.16in), or a length in mm, cm, in, "
        + "pt or px.", valueName: "width"))
  var width = "640px"

  @Option(help: ArgumentHelp("The size of the text in points.", valueName: "points"))
  var fontSize: Double?

  @Option(
    help: ArgumentHelp(
      "The font of SVG and PDF, as a list in CSS. (default: Helvetica or alike)",
      valueName: "fonts"))
  var fontFamily: String?

  @Flag(inversion: .prefixedNo, help: "Write the title above the figure.")
  var title = true

  @Option(
    help: ArgumentHelp(
      "Formats, separated by commas: \(FigureFormat.list).", valueName: "list"))
  var format = "svg"

  /// The style that the options ask for.
  ///
  /// - Throws: `CommandFailure` for a width or a size that no figure can have.
  func style(view: PlotView) throws(CommandFailure) -> ChartStyle {
    let lengths = ["one-column": ChartStyle.oneColumn, "two-column": ChartStyle.twoColumns]
    guard let length = lengths[width] ?? Length(width), (120...7200).contains(length.points) else {
      throw CommandFailure(
        "--width \(width) is no width; write one-column, two-column, or a number with mm, cm, in, "
          + "pt or px, from 43mm to 2540mm, such as 84mm")
    }
    if let fontSize, !(3...72).contains(fontSize) {
      throw CommandFailure("--font-size takes 3 to 72 points")
    }
    // Small panels want small text, whatever the width.
    var style = ChartStyle(
      width: length, fontSize: fontSize ?? (view == .images ? 7 : nil), showsTitle: title)
    if let fontFamily { style.fontFamily = fontFamily }
    return style
  }

  /// The formats that are asked for, each once.
  ///
  /// - Throws: `CommandFailure` for one that there is not, in general or in this build.
  func formats() throws(CommandFailure) -> [FigureFormat] {
    var formats: [FigureFormat] = []
    for name in format.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let format = FigureFormat(rawValue: name) else {
        throw CommandFailure("there is no format \(name), there are \(FigureFormat.list)")
      }
      try failing { () throws(AnalysisError) in try format.check() }
      if !formats.contains(format) { formats.append(format) }
    }
    return formats
  }
}
