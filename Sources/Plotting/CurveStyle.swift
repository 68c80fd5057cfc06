/// How a curve is told apart: by colour and by the shape of its points.
///
/// The colours are Okabe and Ito's (2008), which people with any of the usual forms of colour
/// blindness can tell apart, without the yellow that is too light on white. After all colours have
/// been used the points become hollow, then they change their shapes, so that no two of the first
/// 98 curves look the same.
public struct CurveStyle: Hashable, Sendable {
  /// The shape of a curve's points.
  enum Marker: Int, CaseIterable, Sendable {
    case circle, square, triangle, diamond, invertedTriangle, cross, pentagon
  }

  /// The colour as `#RRGGBB`.
  let color: String
  /// The shape of the points.
  let marker: Marker
  /// Whether the points are filled.
  let isFilled: Bool

  private static let colors = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]

  /// The style of the curve with a number, from 0.
  public init(index: Int) {
    color = Self.colors[index % Self.colors.count]
    let round = index / Self.colors.count
    marker = Marker.allCases[(index + round / 2) % Marker.allCases.count]
    isFilled = round.isMultiple(of: 2)
  }

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
