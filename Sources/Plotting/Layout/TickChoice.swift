import Foundation

/// A value on an axis with its label.
struct AxisTick: Hashable {
  let value: Double
  let label: String
}

/// Ticks that an axis may have, and the finer ones between them.
struct TickChoice {
  let ticks: [AxisTick]
  let minorTicks: [Double]

  /// Multiples of 1, 2 or 5 times a power of ten, the densest first.
  static func even(in domain: ClosedRange<Double>) -> [TickChoice] {
    let exponent = Int(log10(domain.upperBound - domain.lowerBound).rounded(.down))
    return ((exponent - 2)...(exponent + 1)).flatMap { exponent in
      [(1.0, 5), (2.0, 4), (5.0, 5)].map { factor, divisions in
        even(
          in: domain, step: factor * pow(10, Double(exponent)), divisions: divisions,
          fractionDigits: max(0, -exponent))
      }
    }
  }

  private static func even(
    in domain: ClosedRange<Double>, step: Double, divisions: Int, fractionDigits: Int
  ) -> TickChoice {
    let ticks = counts(of: step, in: domain).map { count in
      let value = Double(count) * step
      return AxisTick(value: value, label: label(value, fractionDigits: fractionDigits))
    }
    let minorStep = step / Double(divisions)
    let minorTicks = counts(of: minorStep, in: domain)
      .filter { !$0.isMultiple(of: divisions) }.map { Double($0) * minorStep }
    return TickChoice(ticks: ticks, minorTicks: minorTicks)
  }

  /// The same digits of each power of ten, the densest first; only those with two ticks or more.
  static func decades(in domain: ClosedRange<Double>) -> [TickChoice] {
    let first = Int(log10(domain.lowerBound).rounded(.down))
    let last = Int(log10(domain.upperBound).rounded(.down))
    return [[1, 2, 5], [1, 3], [1]].compactMap { labelled in
      var ticks: [AxisTick] = []
      var minorTicks: [Double] = []
      for exponent in first...last {
        for digit in 1...9 {
          let value =
            exponent < 0
            ? Double(digit) / pow(10, Double(-exponent)) : Double(digit) * pow(10, Double(exponent))
          guard domain.contains(value) else { continue }
          if labelled.contains(digit) {
            ticks.append(
              AxisTick(value: value, label: label(value, fractionDigits: max(0, -exponent))))
          } else {
            minorTicks.append(value)
          }
        }
      }
      return ticks.count > 1 ? TickChoice(ticks: ticks, minorTicks: minorTicks) : nil
    }
  }

  /// Just the digits that the step needs, and a true minus sign.
  private static func label(_ value: Double, fractionDigits: Int) -> String {
    FixedDecimal.padded(value, fractionDigits: fractionDigits).replacing("-", with: "\u{2212}")
  }

  /// The multiples of a step inside the domain, as counts of steps, with room for rounding.
  private static func counts(of step: Double, in domain: ClosedRange<Double>) -> [Int] {
    let first = Int((domain.lowerBound / step - 1e-6).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-6).rounded(.down))
    return first <= last ? Array(first...last) : []
  }
}
