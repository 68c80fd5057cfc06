extension PGFPlotsDocument {
  /// The area behind a curve.
  func band(_ series: Chart.Series) -> String {
    let outline = series.bandOutline.map { "(\(number($0.x)),\(number($0.y)))" }
    return "\\addplot[fill=\(series.style.texColor), fill opacity=0.16, draw=none, forget plot] "
      + "coordinates {\n  \(outline.joined(separator: " "))\n} -- cycle;"
  }

  /// A curve: its line, then its full markers and its small ones.
  func curve(_ series: Chart.Series, _ frame: ChartLayout.Frame) -> [String] {
    let markers = layout.markers(series, in: frame)
    let full = markers.map(\.size).max() ?? 0
    let line =
      "\\addplot[curve, forget plot, \(stroke(series))] coordinates {\n"
      + "  \(coordinates(series.points))\n};"
    let symbols = [full, full * 0.35].compactMap { size -> String? in
      let points = markers.filter { $0.size == size }.map(\.point)
      guard !points.isEmpty else { return nil }
      return
        "\\addplot[curve, forget plot, only marks, \(mark(series.style, size: size))] coordinates {\n"
        + "  \(coordinates(points))\n};"
    }
    return [line] + symbols
  }

  private func coordinates(_ points: [Chart.Point]) -> String {
    points.map { "(\(number($0.x)),\(number($0.y)))" }.joined(separator: " ")
  }

  private func stroke(_ series: Chart.Series) -> String {
    let lengths = series.dashes.enumerated().map { index, length in
      "\(index.isMultiple(of: 2) ? "on" : "off") \(number(length * layout.style.lineWidth))bp"
    }
    let dashes = lengths.isEmpty ? "" : ", dash pattern=\(lengths.joined(separator: " "))"
    return "\(series.style.texColor), mark=none\(dashes)"
  }

  /// A marker of about the shape and size that the SVG has.
  private func mark(_ style: CurveStyle, size: Double) -> String {
    let color = style.texColor
    let (name, scale, rotation): (String, Double, Int) =
      switch style.marker {
      case .circle: ("*", 1, 0)
      case .square: ("square*", 0.9, 0)
      case .triangle: ("triangle*", 1.3, 0)
      case .diamond: ("diamond*", 1.3, 0)
      case .invertedTriangle: ("triangle*", 1.3, 180)
      case .cross: (style.isFilled ? "+" : "x", 1.1, 0)
      case .pentagon: ("pentagon*", 1.15, 0)
      }
    let outline = style.isFilled && style.marker != .cross ? "white" : color
    let width =
      layout.style.lineWidth * (outline == "white" ? 0.32 : style.marker == .cross ? 2 : 0.8)
    return "mark=\(name), mark size=\(number(size / 2 * scale))bp, "
      + "mark options={solid, rotate=\(rotation), draw=\(outline), "
      + "fill=\(style.isFilled ? color : "white"), line width=\(number(width))bp}"
  }

  // MARK: Legend

  /// Where the legend stands, in parts of the first panel.
  func legendOptions(_ frame: ChartLayout.Frame) -> [String] {
    guard let first = layout.legend.items.first else { return [] }
    let top = (layout.legend.items.map(\.y).min() ?? first.y) - layout.fontSize * 0.7
    let x = (first.x - frame.left) / (frame.right - frame.left)
    let y = (frame.bottom - top) / (frame.bottom - frame.top)
    return [
      "  legend style={at={(\(number(x)),\(number(y)))}, anchor=north west, draw=none, fill=none,",
      "    inner sep=0pt, nodes={inner xsep=2pt, inner ysep=1pt}, "
        + "font=\(font(layout.fontSize)), /tikz/every even column/.append style={column sep=1em}},",
      "  legend columns=\(layout.legend.columnCount), legend cell align=left,",
    ]
  }

  /// The legend's entries in reading order.
  var legendEntries: [String] {
    let items = layout.legend.items.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    return items.flatMap { item in
      [
        "\\addlegendimage{line width=\(number(layout.style.lineWidth))bp, \(stroke(item.series)), "
          + "mark repeat=2, mark phase=2, \(mark(item.series.style, size: layout.style.markerSize))}",
        "\\addlegendentry{\(TeXText.escaped(item.series.label))}",
      ]
    }
  }
}
