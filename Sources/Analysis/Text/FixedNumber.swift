import Foundation

/// A number with a fixed count of decimals for tables that people read; `inf` for infinity.
///
/// Files never use it: they hold shortest round-trip numbers.
package func fixed(_ value: Double, _ decimals: Int) -> String {
  value.isInfinite ? "inf" : String(format: "%.\(decimals)f", value)
}
