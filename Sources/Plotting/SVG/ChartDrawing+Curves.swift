extension ChartDrawing {
  /// The area behind a curve.
  func band(
    _ series: Chart.Series, in frame: ChartLayout.Frame, clip: String
  ) -> SVGElement {
    let corners = series.bandOutline.map {
      "\(frame.xScale.position($0.x).svgText) \(frame.yScale.position($0.y).svgText)"
    }
    return SVGElement(
      "path",
      [
        "d": "M\(corners.joined(separator: "L"))Z", "fill": series.style.color,
        "fill-opacity": "0.16", "clip-path": "url(#\(clip))",
      ])
  }

  /// A curve with its markers.
  func curve(
    _ series: Chart.Series, in frame: ChartLayout.Frame, clip: String
  ) -> SVGElement {
    let corners = series.points.map {
      "\(frame.xScale.position($0.x).svgText) \(frame.yScale.position($0.y).svgText)"
    }
    let line = SVGElement(
      "path",
      stroke(series, path: "M" + corners.joined(separator: "L"), clip: "url(#\(clip))"))
    let symbols = layout.markers(series, in: frame).map { marker in
      SVGElement(
        "g",
        children: [
          SVGElement("title", text: marker.tooltip),
          series.style.symbol(
            x: marker.x, y: marker.y, size: marker.size, lineWidth: layout.style.lineWidth * 0.8),
        ])
    }
    return SVGElement("g", children: [line] + symbols)
  }

  /// How a curve's line is drawn.
  func stroke(
    _ series: Chart.Series, path: String, clip: String = "none"
  ) -> KeyValuePairs<String, any SVGValue> {
    let dashes = series.dashes.map { ($0 * layout.style.lineWidth).svgText }
    return [
      "d": path, "fill": "none", "stroke": series.style.color,
      "stroke-width": layout.style.lineWidth, "stroke-linejoin": "round",
      "stroke-dasharray": dashes.isEmpty ? "none" : dashes.joined(separator: " "),
      "clip-path": clip,
    ]
  }
}
