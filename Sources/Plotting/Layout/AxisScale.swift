import Foundation

/// The mapping of one axis from values to positions, with its ticks.
struct AxisScale {
  /// The values at the two ends, the lower first.
  let domain: ClosedRange<Double>
  /// Whether equal distances are equal factors.
  let isLogarithmic: Bool
  /// The position of the domain's lower end.
  let start: Double
  /// The position of the domain's upper end; smaller than `start` where the axis points up.
  let end: Double
  /// The values with a label.
  private(set) var ticks: [AxisTick] = []
  /// The values of the minor grid between the ticks.
  private(set) var minorTicks: [Double] = []

  /// Lays an axis out with as many ticks as there is room for.
  ///
  /// - Parameters:
  ///   - axis: the values at the ends; widened when it is a single value.
  ///   - spacing: the least distance of two ticks with a label.
  ///   - room: what a label takes along the axis, with the space to the next one.
  init(
    _ axis: Chart.Axis, start: Double, end: Double, spacing: Double,
    room: (String) -> Double = { _ in 0 }
  ) {
    let span = axis.domain.upperBound - axis.domain.lowerBound
    isLogarithmic = axis.isLogarithmic
    domain =
      span > 0
      ? axis.domain
      : axis.isLogarithmic
        ? (axis.domain.lowerBound / 2)...(axis.domain.upperBound * 2)
        : (axis.domain.lowerBound - 0.5)...(axis.domain.upperBound + 0.5)
    self.start = start
    self.end = end
    let choices =
      (isLogarithmic ? TickChoice.decades(in: domain) : []) + TickChoice.even(in: domain)
    let choice = choices.first { fits($0.ticks, spacing: spacing, room: room) }
    ticks = choice?.ticks ?? []
    minorTicks = choice?.minorTicks ?? []
  }

  /// The same axis elsewhere.
  func moved(by distance: Double) -> AxisScale {
    AxisScale(copying: self, start: start + distance, end: end + distance)
  }

  private init(copying other: AxisScale, start: Double, end: Double) {
    domain = other.domain
    isLogarithmic = other.isLogarithmic
    ticks = other.ticks
    minorTicks = other.minorTicks
    self.start = start
    self.end = end
  }

  /// The position of a value, also outside the domain.
  func position(_ value: Double) -> Double {
    let fraction =
      isLogarithmic
      ? log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
      : (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + fraction * (end - start)
  }

  /// Whether neighbouring labels keep their distance.
  private func fits(
    _ ticks: [AxisTick], spacing: Double, room: (String) -> Double
  ) -> Bool {
    zip(ticks, ticks.dropFirst()).allSatisfy { tick, next in
      let distance = abs(position(next.value) - position(tick.value))
      return distance >= max(spacing, (room(tick.label) + room(next.label)) / 2) - 1e-6
    }
  }
}
