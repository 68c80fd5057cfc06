/// The elements of a chart that has been laid out.
struct ChartDrawing {
  let chart: Chart
  let layout: ChartLayout

  private static let ink = "#222222"

  /// The whole picture.
  var root: SVGElement {
    let heightInUnit = layout.height / layout.style.width.unit.points
    var children = [
      SVGElement("title", ["id": "\(chart.name)-title"], text: chart.title),
      SVGElement("desc", ["id": "\(chart.name)-description"], text: chart.summary),
      SVGElement("rect", ["width": layout.width, "height": layout.height, "fill": "#FFFFFF"]),
    ]
    if layout.style.showsTitle {
      children.append(
        SVGElement(
          "text",
          [
            "x": layout.left, "y": layout.fontSize * 1.6,
            "font-size": layout.titleSize, "font-weight": "bold",
          ], text: chart.title))
    }
    children.append(axisLabels)
    for (index, (panel, frame)) in zip(chart.panels, layout.frames).enumerated() {
      let id = chart.panels.count > 1 ? "\(chart.name)-area-\(index + 1)" : "\(chart.name)-area"
      let background = [clip(frame, id: id), gridLines(frame), axes(frame)]
      let title = panel.title.isEmpty ? [] : [panelTitle(panel.title, frame)]
      let bands = panel.series.filter { !$0.band.isEmpty }.map { band($0, in: frame, clip: id) }
      let curves = panel.series.map { curve($0, in: frame, clip: id) }
      children.append(SVGElement("g", children: background + title + bands + curves))
    }
    children.append(SVGElement("g", children: layout.legend.items.map(legendItem)))
    return SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg",
        "width": layout.style.width.text,
        "height": Length(heightInUnit, layout.style.width.unit).text,
        "viewBox": "0 0 \(layout.width.svgText) \(layout.height.svgText)",
        "role": "img",
        "aria-labelledby": "\(chart.name)-title \(chart.name)-description",
        "font-family": layout.style.fontFamily, "font-size": layout.fontSize, "fill": Self.ink,
      ], children: children)
  }

  private func clip(_ frame: ChartLayout.Frame, id: String) -> SVGElement {
    let area = SVGElement(
      "rect",
      [
        "x": frame.left, "y": frame.top, "width": frame.right - frame.left,
        "height": frame.bottom - frame.top,
      ])
    return SVGElement("clipPath", ["id": id], children: [area])
  }

  private func panelTitle(_ title: String, _ frame: ChartLayout.Frame) -> SVGElement {
    let shown = TextMetrics.shortened(
      title, width: frame.right - frame.left, fontSize: layout.fontSize)
    let (x, y) = ((frame.left + frame.right) / 2, frame.top - layout.panelTitleGap)
    let text = SVGElement("text", ["x": x, "y": y, "text-anchor": "middle"], text: shown)
    return shown == title
      ? text : SVGElement("g", children: [SVGElement("title", text: title), text])
  }

  private func legendItem(_ item: ChartLegend.Item) -> SVGElement {
    let end = item.x + layout.legend.swatchWidth
    let line = SVGElement(
      "path", stroke(item.series, path: "M\(item.x.svgText) \(item.y.svgText)H\(end.svgText)"))
    let label = SVGElement(
      "text",
      ["x": end + layout.fontSize * 0.5, "y": item.y + layout.fontSize * 0.35],
      text: item.series.label)
    let marker = item.series.style.symbol(
      x: (item.x + end) / 2, y: item.y, size: layout.style.markerSize,
      lineWidth: layout.style.lineWidth * 0.8)
    return SVGElement("g", children: [line, marker, label])
  }
}
