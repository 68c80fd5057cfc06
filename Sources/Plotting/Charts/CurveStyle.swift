/// How a curve is told apart: by colour, by the shape of its points, and by dashes.
///
/// The colours are Okabe and Ito's (2008), which people with any of the usual forms of colour
/// blindness can tell apart, without the yellow that is too light on white. After all colours have
/// been used the points become hollow, then they change their shapes, so that no two of the first
/// 98 curves look the same. Shapes and dashes do without colour, for a page that is printed grey.
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

  /// Lengths of ink and gap in turn, in widths of the line; empty for a solid line.
  let dashes: [Double]

  /// The dashes of figures that were not measured: shorter than any of ``dashes``.
  static let publishedDashes = [3, 1.8]

  private static let dashPatterns: [[Double]] = [
    [], [9, 2], [9, 2, 2, 2], [9, 2, 2, 2, 2, 2],
  ]
  private static let colors = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]

  /// The style of the curve with a number, from 0.
  public init(index: Int) {
    color = Self.colors[index % Self.colors.count]
    let round = index / Self.colors.count
    marker = Marker.allCases[(index + round / 2) % Marker.allCases.count]
    isFilled = round.isMultiple(of: 2)
    dashes = Self.dashPatterns[index % Self.dashPatterns.count]
  }
}
