/// A position on a codec's own quality scale.
public enum Quality: Hashable, Sendable {
  /// The codec has no knob, as `raw`.
  case fixed
  /// A value in the unit and direction that the codec's ``QualityScale`` declares.
  case value(Double)

  /// The number, or `nil` for ``fixed``.
  public var number: Double? {
    switch self {
    case .fixed: nil
    case .value(let number): number
    }
  }
}

/// What a codec's quality numbers mean.
public struct QualityScale: Sendable, Equatable {
  /// Which way the picture gets better.
  public enum Direction: String, Sendable, Codable {
    /// A larger number gives a better picture and more bytes.
    case higherIsBetter
    /// A larger number gives a worse picture and fewer bytes.
    case lowerIsBetter
  }

  /// What the number is called: `quality`, `bits per pixel`, `PSNR`.
  public let name: String
  /// The unit, empty for a bare number.
  public let unit: String
  /// The values that `encode` accepts.
  public let range: ClosedRange<Double>
  /// The distance of neighbouring values, or `nil` where any number will do.
  public let step: Double?
  /// Which way the picture gets better.
  public let direction: Direction
  /// The values a sweep uses unless told otherwise, from few bytes to many.
  public let recommendedSweep: [Double]

  /// Describes a scale.
  public init(
    name: String, unit: String, range: ClosedRange<Double>, step: Double?,
    direction: Direction, recommendedSweep: [Double]
  ) {
    self.name = name
    self.unit = unit
    self.range = range
    self.step = step
    self.direction = direction
    self.recommendedSweep = recommendedSweep
  }

  /// Whether `value` lies in the range and on a step.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite, range.contains(value) else { return false }
    guard let step else { return true }
    // 0.3 / 0.1 is not 3 in binary, so a value counts as on a step within a rounding error.
    let position = (value - range.lowerBound) / step
    return abs(position - position.rounded()) <= 1e-9 * max(1, position)
  }

  /// The range and step in words, as in `0 to 100 in steps of 1`.
  public var summary: String {
    let bounds = "\(formatNumber(range.lowerBound)) to \(formatNumber(range.upperBound))"
    let withUnit = unit.isEmpty ? bounds : "\(bounds) \(unit)"
    return step.map { "\(withUnit) in steps of \(formatNumber($0))" } ?? withUnit
  }
}

/// Writes a number as people do, `25` rather than `25.0`, and otherwise as short as it reads back.
public func formatNumber(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
