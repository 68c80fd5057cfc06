/// The elements of a chart that has been laid out.
struct ChartDrawing {
  let chart: Chart
  let layout: ChartLayout

  private static let ink = "#222222"
  private static let axis = "#555555"
  private static let grid = "#DDDDDD"
  private static let minorGrid = "#F0F0F0"

  /// The whole picture.
  var root: SVGElement {
    let heightInUnit = layout.height / layout.style.width.unit.points
    var children = [
      SVGElement("title", ["id": "\(chart.name)-title"], text: chart.title),
      SVGElement("desc", ["id": "\(chart.name)-description"], text: chart.summary),
      SVGElement("rect", ["width": layout.width, "height": layout.height, "fill": "#FFFFFF"]),
      clip, gridLines, axes,
    ]
    if layout.style.showsTitle {
      children.append(
        SVGElement(
          "text",
          [
            "x": layout.left, "y": layout.top - layout.titleSize * 0.7,
            "font-size": layout.titleSize, "font-weight": "bold",
          ], text: chart.title))
    }
    children += chart.series.map(curve)
    children.append(SVGElement("g", children: layout.legend.map(legendEntry)))
    return SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg",
        "width": layout.style.width.text,
        "height": Length(heightInUnit, layout.style.width.unit).text,
        "viewBox": "0 0 \(layout.width.svgText) \(layout.height.svgText)",
        "role": "img",
        "aria-labelledby": "\(chart.name)-title \(chart.name)-description",
        "font-family": "Helvetica, Arial, 'Liberation Sans', sans-serif",
        "font-size": layout.fontSize, "fill": Self.ink,
      ], children: children)
  }

  private var clip: SVGElement {
    let area = SVGElement(
      "rect",
      [
        "x": layout.left, "y": layout.top, "width": layout.right - layout.left,
        "height": layout.bottom - layout.top,
      ])
    return SVGElement("clipPath", ["id": "\(chart.name)-area"], children: [area])
  }

  // MARK: Axes

  private var gridLines: SVGElement {
    func lines(_ xs: [Double], _ ys: [Double]) -> String {
      let vertical = xs.map {
        "M\(layout.xScale.position($0).svgText) \(layout.top.svgText)V\(layout.bottom.svgText)"
      }
      let horizontal = ys.map {
        "M\(layout.left.svgText) \(layout.yScale.position($0).svgText)H\(layout.right.svgText)"
      }
      return (vertical + horizontal).joined()
    }
    let minor = lines(layout.xScale.minorTicks, layout.yScale.minorTicks)
    let major = lines(layout.xScale.ticks, layout.yScale.ticks)
    return SVGElement(
      "g", ["fill": "none", "stroke-width": layout.lineWidth * 0.5],
      children: [
        SVGElement("path", ["d": minor, "stroke": Self.minorGrid]),
        SVGElement("path", ["d": major, "stroke": Self.grid]),
      ])
  }

  private var axes: SVGElement {
    let frame = SVGElement(
      "path",
      [
        "d": "M\(layout.left.svgText) \(layout.top.svgText)V\(layout.bottom.svgText)"
          + "H\(layout.right.svgText)",
        "fill": "none", "stroke": Self.axis, "stroke-width": layout.lineWidth * 0.7,
      ])
    let half = layout.fontSize * 0.35
    let xTicks = layout.xScale.ticks.map { tick in
      SVGElement(
        "text",
        [
          "x": layout.xScale.position(tick), "y": layout.bottom + layout.fontSize * 1.4,
          "text-anchor": "middle",
        ], text: layout.xScale.label(tick))
    }
    let yTicks = layout.yScale.ticks.map { tick in
      SVGElement(
        "text",
        [
          "x": layout.left - layout.labelGap, "y": layout.yScale.position(tick) + half,
          "text-anchor": "end",
        ], text: layout.yScale.label(tick))
    }
    let xLabel = SVGElement(
      "text",
      [
        "x": (layout.left + layout.right) / 2, "y": layout.xLabelBaseline,
        "text-anchor": "middle",
      ], text: chart.xLabel)
    let (x, y) = (layout.fontSize * 1.2, (layout.top + layout.bottom) / 2)
    let yLabel = SVGElement(
      "text",
      [
        "x": x, "y": y, "text-anchor": "middle",
        "transform": "rotate(-90 \(x.svgText) \(y.svgText))",
      ], text: chart.yLabel)
    return SVGElement("g", children: [frame] + xTicks + yTicks + [xLabel, yLabel])
  }

  // MARK: Curves

  private func curve(_ series: Chart.Series) -> SVGElement {
    let corners = series.points.map {
      "\(layout.xScale.position($0.x).svgText) \(layout.yScale.position($0.y).svgText)"
    }
    let line = SVGElement(
      "path",
      strokeAttributes(
        series, path: "M" + corners.joined(separator: "L"), clip: "url(#\(chart.name)-area)"))
    let symbols = markers(series).map { point, size in
      SVGElement(
        "g",
        children: [
          SVGElement("title", text: point.tooltip),
          series.style.symbol(
            x: layout.xScale.position(point.x), y: layout.yScale.position(point.y), size: size,
            lineWidth: layout.lineWidth * 0.8),
        ])
    }
    return SVGElement("g", children: [line] + symbols)
  }

  /// The points inside the plot with the sizes of their markers.
  ///
  /// A point that would lie under the last full marker is drawn small, so that a crowded curve
  /// stays a line with markers and each of its points can still be found.
  private func markers(_ series: Chart.Series) -> [(point: Chart.Point, size: Double)] {
    var last: (x: Double, y: Double)?
    return series.points.filter(isVisible).map { point in
      let (x, y) = (layout.xScale.position(point.x), layout.yScale.position(point.y))
      if let last {
        let squaredDistance = (x - last.x) * (x - last.x) + (y - last.y) * (y - last.y)
        if squaredDistance < layout.markerSize * layout.markerSize {
          return (point, layout.markerSize * 0.35)
        }
      }
      last = (x, y)
      return (point, layout.markerSize)
    }
  }

  private func legendEntry(_ item: ChartLayout.LegendItem) -> SVGElement {
    let series = chart.series[item.seriesIndex]
    let end = item.x + layout.swatchWidth
    let line = SVGElement(
      "path",
      strokeAttributes(
        series, path: "M\(item.x.svgText) \(item.y.svgText)H\(end.svgText)", clip: "none"))
    let label = SVGElement(
      "text",
      ["x": end + layout.fontSize * 0.5, "y": item.y + layout.fontSize * 0.35],
      text: series.label)
    let marker = series.style.symbol(
      x: (item.x + end) / 2, y: item.y, size: layout.markerSize,
      lineWidth: layout.lineWidth * 0.8)
    return SVGElement("g", children: [line, marker, label])
  }

  private func strokeAttributes(
    _ series: Chart.Series, path: String, clip: String
  ) -> KeyValuePairs<String, any SVGValue> {
    let dash = layout.lineWidth * 3
    return [
      "d": path, "fill": "none", "stroke": series.style.color,
      "stroke-width": layout.lineWidth, "stroke-linejoin": "round",
      "stroke-dasharray": series.isDashed ? "\(dash.svgText) \((dash * 0.6).svgText)" : "none",
      "clip-path": clip,
    ]
  }

  private func isVisible(_ point: Chart.Point) -> Bool {
    chart.xDomain.contains(point.x) && chart.yDomain.contains(point.y)
  }
}
