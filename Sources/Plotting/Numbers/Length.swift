/// A print or screen length such as `84mm`.
public struct Length: Hashable, Sendable {
  /// A unit that CSS and SVG know.
  public enum Unit: String, CaseIterable, Sendable {
    /// Millimetres.
    case millimeters = "mm"
    /// Centimetres.
    case centimeters = "cm"
    /// Inches.
    case inches = "in"
    /// Points, 72 to the inch.
    case points = "pt"
    /// CSS pixels, 96 to the inch.
    case pixels = "px"

    /// How many points the unit has.
    public var points: Double {
      switch self {
      case .millimeters: 72 / 25.4
      case .centimeters: 72 / 2.54
      case .inches: 72
      case .points: 1
      case .pixels: 0.75
      }
    }
  }

  /// The number before the unit.
  public let value: Double
  /// The unit.
  public let unit: Unit

  /// Makes a length.
  public init(_ value: Double, _ unit: Unit) {
    self.value = value
    self.unit = unit
  }

  /// Reads a length such as `84mm`, `3.3in` or `640px`; `nil` when it is none or not positive.
  public init?(_ text: String) {
    for unit in Unit.allCases where text.hasSuffix(unit.rawValue) {
      guard let value = Double(text.dropLast(unit.rawValue.count)), value.isFinite, value > 0
      else { return nil }
      self.init(value, unit)
      return
    }
    return nil
  }

  /// The length in points.
  public var points: Double { value * unit.points }

  /// The length in CSS form with at most two digits after the point.
  public var text: String { FixedDecimal.shortest(value, fractionDigits: 2) + unit.rawValue }
}
