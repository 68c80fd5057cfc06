/// Writes whole numbers with the probabilities of tables as a range-coded byte string.
///
/// The arithmetic is integer only, so that the same numbers and tables give the same bytes on every
/// machine. The format is described in <doc:MultiSymbolBitstream>; intervals and carries are those
/// of ``BinaryRangeEncoder``. Escapes are coded by Elias' gamma code with a sign, an idea of the range
/// coder of tensorflow/compression.
public struct RangeEncoder: Sendable {
  private var interval = IntervalWriter()

  /// Starts an empty byte string.
  public init() {}

  /// Appends one number, as an escape when the table does not have it.
  ///
  /// - Complexity: O(1) amortised.
  public mutating func encode(_ value: Int32, with table: QuantizedCDF) {
    let offset = Int(value) - Int(table.minimum)
    guard offset < 0 || offset >= table.symbolCount else {
      return narrow(to: offset, of: table)
    }
    narrow(to: table.symbolCount, of: table)
    let isBelow = offset < 0
    encodeEvenBit(isBelow)
    encodeGamma(isBelow ? -offset : offset - table.symbolCount + 1)
  }

  /// Ends the byte string with as few bytes as the decoder needs.
  ///
  /// - Returns: all bytes. A decoder that reads zeros behind them gets the encoded numbers back; it
  ///   reads at most ``RangeDecoder/maximumOverrun`` such zeros.
  public consuming func finish() -> [UInt8] {
    interval.finish()
  }

  @inline(__always)
  private mutating func narrow(to entry: Int, of table: QuantizedCDF) {
    interval.narrow(
      lower: split(interval.range, at: table.cumulative[entry]),
      upper: split(interval.range, at: table.cumulative[entry + 1]))
  }

  /// Elias' gamma code (1975) of a number from 1 to 2³² − 1: its bits behind one zero fewer.
  private mutating func encodeGamma(_ number: Int) {
    let last = Int.bitWidth - 1 - number.leadingZeroBitCount
    for _ in 0..<last { encodeEvenBit(false) }
    for position in (0...last).reversed() { encodeEvenBit(number >> position & 1 == 1) }
  }

  /// A bit of probability one half; ones are in the lower part, as in the binary coder.
  private mutating func encodeEvenBit(_ bit: Bool) {
    let bound = split(interval.range, at: 32768)
    interval.narrow(lower: bit ? 0 : bound, upper: bit ? bound : interval.range)
  }
}
