import Foundation

/// The mapping of one axis from values to positions, with its ticks.
struct AxisScale {
  /// The values at the two ends, the lower first.
  let domain: ClosedRange<Double>
  /// The position of the domain's lower end.
  let start: Double
  /// The position of the domain's upper end; smaller than `start` where the axis points up.
  let end: Double
  /// The distance of labelled ticks: 1, 2 or 5 times a power of ten.
  let step: Double
  /// How many parts the minor grid divides a step into.
  let minorDivisions: Int

  /// Lays an axis out.
  ///
  /// - Parameters:
  ///   - domain: the values at the ends; widened when it is a single value.
  ///   - spacing: the least distance of two labelled ticks.
  init(domain: ClosedRange<Double>, start: Double, end: Double, spacing: Double) {
    let span = domain.upperBound - domain.lowerBound
    self.domain = span > 0 ? domain : (domain.lowerBound - 0.5)...(domain.upperBound + 0.5)
    self.start = start
    self.end = end
    let width = self.domain.upperBound - self.domain.lowerBound
    let count = max(1, (abs(end - start) / spacing).rounded(.down))
    (step, minorDivisions) = Self.niceStep(atLeast: width / count)
  }

  /// The position of a value, also outside the domain.
  func position(_ value: Double) -> Double {
    let fraction = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + fraction * (end - start)
  }

  /// The values with a label.
  var ticks: [Double] { counts(of: step).map { Double($0) * step } }

  /// The values of the minor grid between the ticks.
  var minorTicks: [Double] {
    let minorStep = step / Double(minorDivisions)
    return counts(of: minorStep).filter { !$0.isMultiple(of: minorDivisions) }
      .map { Double($0) * minorStep }
  }

  /// A tick's label, with just the digits that the step needs.
  func label(_ tick: Double) -> String {
    let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    return FixedDecimal.padded(tick, fractionDigits: digits).replacing("-", with: "\u{2212}")
  }

  /// The multiples of a step inside the domain, as counts of steps, with room for rounding.
  private func counts(of step: Double) -> [Int] {
    let first = Int((domain.lowerBound / step - 1e-6).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-6).rounded(.down))
    return first <= last ? Array(first...last) : []
  }

  /// The next of 1, 2, 5 times a power of ten, and how the minor grid divides it.
  private static func niceStep(atLeast minimum: Double) -> (step: Double, minorDivisions: Int) {
    let exponent = log10(minimum).rounded(.down)
    let power = pow(10, exponent)
    for (factor, divisions) in [(1.0, 5), (2.0, 4), (5.0, 5)]
    where minimum <= factor * power * (1 + 1e-9) {
      return (factor * power, divisions)
    }
    return (10 * power, 5)
  }
}
