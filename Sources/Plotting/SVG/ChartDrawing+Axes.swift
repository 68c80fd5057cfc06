extension ChartDrawing {
  private static let axis = "#555555"
  private static let grid = "#DDDDDD"
  private static let minorGrid = "#F0F0F0"

  /// The grid of a panel, and its baseline.
  func gridLines(_ frame: ChartLayout.Frame) -> SVGElement {
    func lines(_ xs: [Double], _ ys: [Double]) -> String {
      let vertical = xs.map {
        "M\(frame.xScale.position($0).svgText) \(frame.top.svgText)V\(frame.bottom.svgText)"
      }
      let horizontal = ys.map {
        "M\(frame.left.svgText) \(frame.yScale.position($0).svgText)H\(frame.right.svgText)"
      }
      return (vertical + horizontal).joined()
    }
    let minor = lines(frame.xScale.minorTicks, frame.yScale.minorTicks)
    let major = lines(frame.xScale.ticks.map(\.value), frame.yScale.ticks.map(\.value))
    var children = [
      SVGElement("path", ["d": minor, "stroke": Self.minorGrid]),
      SVGElement("path", ["d": major, "stroke": Self.grid]),
    ]
    if let baseline = chart.baseline, chart.yAxis.domain.contains(baseline) {
      children.append(
        SVGElement(
          "path",
          [
            "d": lines([], [baseline]), "stroke": Self.axis,
            "stroke-width": layout.style.lineWidth * 0.7,
          ]))
    }
    return SVGElement(
      "g", ["fill": "none", "stroke-width": layout.style.lineWidth * 0.5], children: children)
  }

  /// The two axes of a panel with the labels of their ticks.
  func axes(_ frame: ChartLayout.Frame) -> SVGElement {
    let lines = SVGElement(
      "path",
      [
        "d": "M\(frame.left.svgText) \(frame.top.svgText)V\(frame.bottom.svgText)"
          + "H\(frame.right.svgText)",
        "fill": "none", "stroke": Self.axis, "stroke-width": layout.style.lineWidth * 0.7,
      ])
    let xTicks = frame.xScale.ticks.map { tick in
      SVGElement(
        "text",
        [
          "x": frame.xScale.position(tick.value), "y": frame.bottom + layout.fontSize * 1.4,
          "text-anchor": "middle",
        ], text: tick.label)
    }
    let yTicks = frame.yScale.ticks.map { tick in
      SVGElement(
        "text",
        [
          "x": frame.left - layout.labelGap,
          "y": frame.yScale.position(tick.value) + layout.fontSize * 0.35, "text-anchor": "end",
        ], text: tick.label)
    }
    return SVGElement(
      "g",
      children: [lines] + (frame.hasXLabels ? xTicks : []) + (frame.hasYLabels ? yTicks : []))
  }

  /// What the axes of all panels show.
  var axisLabels: SVGElement {
    let xLabel = SVGElement(
      "text",
      [
        "x": (layout.left + layout.right) / 2, "y": layout.xLabelBaseline,
        "text-anchor": "middle",
      ], text: chart.xAxis.label)
    let (x, y) = (layout.fontSize * 1.2, (layout.top + layout.bottom) / 2)
    let yLabel = SVGElement(
      "text",
      [
        "x": x, "y": y, "text-anchor": "middle",
        "transform": "rotate(-90 \(x.svgText) \(y.svgText))",
      ], text: chart.yAxis.label)
    return SVGElement("g", children: [xLabel, yLabel])
  }
}
