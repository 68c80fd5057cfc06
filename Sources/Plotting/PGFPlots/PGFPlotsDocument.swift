/// A chart as a LaTeX document for pgfplots.
///
/// Everything stands where ``ChartLayout`` puts it, so the page has the size of the SVG, but axes,
/// curves and legend are pgfplots' own: an author can change them by hand. The text is in the font
/// of the document.
struct PGFPlotsDocument {
  let chart: Chart
  let layout: ChartLayout

  /// The document.
  var text: String {
    var lines = [
      "% \(comment(chart.title)): \(comment(chart.summary))",
      "% Compile with pdflatex or lualatex, or copy the tikzpicture into a paper whose preamble has",
      "% the lines from \\usepackage{pgfplots} to \\begin{document}.",
      "\\documentclass[border=0pt]{standalone}",
      "\\usepackage{pgfplots}",
      "\\pgfplotsset{compat=1.16}",
      "\\usetikzlibrary{plotmarks}",
    ]
    lines += colors.map { "\\definecolor{\($0.name)}{HTML}{\($0.hex)}" }
    lines += [
      "\\begin{document}",
      "\\begin{tikzpicture}[x=1bp, y=1bp, line cap=butt, line join=round,",
      "  font=\(font(layout.fontSize)),",
      "  curve/.style={line width=\(number(layout.style.lineWidth))bp}]",
      "\\useasboundingbox (0,0) rectangle (\(number(layout.width)),\(number(layout.height)));",
    ]
    if layout.style.showsTitle {
      lines.append(
        node(
          "anchor=base west, font=\(font(layout.titleSize))\\bfseries", x: layout.left,
          y: layout.fontSize * 1.6,
          chart.title))
    }
    for (index, (panel, frame)) in zip(chart.panels, layout.frames).enumerated() {
      lines += axis(panel, frame, hasLegend: index == 0)
    }
    lines += [
      node(
        "anchor=base", x: (layout.left + layout.right) / 2, y: layout.xLabelBaseline,
        chart.xAxis.label),
      node(
        "anchor=base, rotate=90", x: layout.fontSize * 1.2, y: (layout.top + layout.bottom) / 2,
        chart.yAxis.label),
      "\\end{tikzpicture}", "\\end{document}",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: Axes

  private func axis(
    _ panel: Chart.Panel, _ frame: ChartLayout.Frame, hasLegend: Bool
  ) -> [String] {
    let (xScale, yScale) = (frame.xScale, frame.yScale)
    var lines = [
      "\\begin{axis}[",
      "  at={(\(number(frame.left))bp,\(number(layout.height - frame.bottom))bp)}, "
        + "anchor=south west, scale only axis,",
      "  width=\(number(frame.right - frame.left))bp, "
        + "height=\(number(frame.bottom - frame.top))bp,",
      "  axis x line*=bottom, axis y line*=left, major tick length=0pt, minor tick length=0pt,",
      "  grid=both, major grid style={black!13}, minor grid style={black!6},",
      "  xmin=\(number(xScale.domain.lowerBound)), xmax=\(number(xScale.domain.upperBound)), "
        + "ymin=\(number(yScale.domain.lowerBound)), ymax=\(number(yScale.domain.upperBound)),",
      ticks("x", xScale, hasLabels: frame.hasXLabels),
      ticks("y", yScale, hasLabels: frame.hasYLabels),
    ]
    if xScale.isLogarithmic { lines.append("  xmode=log,") }
    if yScale.isLogarithmic { lines.append("  ymode=log,") }
    if !panel.title.isEmpty {
      let title = TextMetrics.shortened(
        panel.title, width: frame.right - frame.left, fontSize: layout.fontSize)
      lines.append(
        "  title={\(TeXText.escaped(title))}, every axis title/.style={at={(0.5,1)}, anchor=base, "
          + "inner sep=0pt, yshift=\(number(layout.panelTitleGap))bp},")
    }
    if hasLegend { lines += legendOptions(frame) }
    lines.append("]")
    if let baseline = chart.baseline, yScale.domain.contains(baseline) {
      let ends = [xScale.domain.lowerBound, xScale.domain.upperBound]
      lines.append(
        "\\addplot[black!67, forget plot] coordinates {"
          + ends.map { "(\(number($0)),\(number(baseline)))" }.joined(separator: " ") + "};")
    }
    for series in panel.series where !series.band.isEmpty { lines.append(band(series)) }
    for series in panel.series { lines += curve(series, frame) }
    if hasLegend { lines += legendEntries }
    lines.append("\\end{axis}")
    return lines
  }

  private func ticks(_ name: String, _ scale: AxisScale, hasLabels: Bool) -> String {
    let values = scale.ticks.map { number($0.value) }.joined(separator: ",")
    let labels = hasLabels ? scale.ticks.map { "{\(TeXText.escaped($0.label))}" } : []
    let minor = scale.minorTicks.map(number).joined(separator: ",")
    return "  \(name)tick={\(values)}, \(name)ticklabels={\(labels.joined(separator: ","))},\n"
      + "  minor \(name)tick={\(minor)},"
  }

  private func node(_ options: String, x: Double, y: Double, _ text: String) -> String {
    "\\node[\(options), inner sep=0pt] at (\(number(x)),\(number(layout.height - y))) "
      + "{\(TeXText.escaped(text))};"
  }

  // MARK: Parts

  /// A number with at most six digits after the point, which is more than can be seen.
  func number(_ value: Double) -> String { FixedDecimal.shortest(value, fractionDigits: 6) }

  /// The command for a size of text with a line height of 1.2 times it.
  func font(_ size: Double) -> String {
    "\\fontsize{\(number(size))}{\(number(size * 1.2))}\\selectfont"
  }

  private func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  /// The colours of all curves, each once, in the order in which they appear.
  private var colors: [(name: String, hex: String)] {
    var seen: Set<String> = []
    return chart.legendSeries.map(\.style).filter { seen.insert($0.color).inserted }
      .map { (name: $0.texColor, hex: String($0.color.dropFirst())) }
  }
}

extension CurveStyle {
  /// The colour's name in a LaTeX document.
  var texColor: String { "rd\(color.dropFirst())" }
}
