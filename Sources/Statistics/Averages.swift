/// The middle of some values; the mean of the two middle ones when their number is even.
///
/// - Precondition: there is at least one value.
package func median(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "a median is of numbers")
  return quantile(0.5, of: values.sorted())
}

/// The median of the values' distances from their median: a spread that single outliers do not change.
///
/// - Precondition: there is at least one value.
package func medianAbsoluteDeviation(_ values: [Double]) -> Double {
  let middle = median(values)
  return median(values.map { abs($0 - middle) })
}

/// A quantile of sorted values, interpolated linearly between neighbours.
///
/// - Parameters:
///   - fraction: the part of the values below it, from 0 to 1.
///   - sorted: at least one value, in ascending order.
package func quantile(_ fraction: Double, of sorted: [Double]) -> Double {
  let position = fraction * Double(sorted.count - 1)
  let index = Int(position)
  guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
  return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
}
