extension CurveStyle {
  /// A point of the curve.
  ///
  /// - Parameters:
  ///   - size: the width of the shape.
  ///   - lineWidth: the width of the outline, which keeps neighbouring points apart.
  func symbol(x: Double, y: Double, size: Double, lineWidth: Double) -> SVGElement {
    let fill = isFilled ? color : "#FFFFFF"
    let outline = isFilled ? "#FFFFFF" : color
    let width = isFilled ? lineWidth * 0.4 : lineWidth
    if marker == .circle {
      return SVGElement(
        "circle",
        [
          "cx": x, "cy": y, "r": size / 2, "fill": fill, "stroke": outline,
          "stroke-width": width,
        ])
    }
    return SVGElement(
      "path",
      [
        "d": path(x: x, y: y, radius: size / 2), "fill": fill, "stroke": outline,
        "stroke-width": width,
      ])
  }

  /// The outline of the shape; radii are chosen so that all shapes cover about the same area.
  private func path(x: Double, y: Double, radius r: Double) -> String {
    switch marker {
    case .circle: ""
    case .square: Self.polygon(x, y, [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)], r)
    case .triangle: Self.polygon(x, y, [(0, -1.3), (1.13, 0.65), (-1.13, 0.65)], r)
    case .diamond: Self.polygon(x, y, [(0, -1.3), (1.15, 0), (0, 1.3), (-1.15, 0)], r)
    case .invertedTriangle: Self.polygon(x, y, [(0, 1.3), (1.13, -0.65), (-1.13, -0.65)], r)
    case .cross:
      Self.polygon(
        x, y,
        [
          (-1.1, -0.4), (-0.4, -0.4), (-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4),
          (1.1, 0.4), (0.4, 0.4), (0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4),
        ], r)
    case .pentagon:
      Self.polygon(
        x, y, [(0, -1.15), (1.09, -0.36), (0.68, 0.93), (-0.68, 0.93), (-1.09, -0.36)], r)
    }
  }

  private static func polygon(
    _ x: Double, _ y: Double, _ corners: [(x: Double, y: Double)], _ radius: Double
  ) -> String {
    let points = corners.map {
      "\((x + $0.x * radius).svgText) \((y + $0.y * radius).svgText)"
    }
    return "M\(points.joined(separator: "L"))Z"
  }
}
