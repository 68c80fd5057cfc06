/// Reads the numbers that a ``RangeEncoder`` wrote.
///
/// Any bytes decode to some numbers: damaged or truncated input gives other numbers, never a trap.
/// Where the bytes end, zeros are read and counted in ``overrun``, so that a container can tell a
/// truncated string from a complete one with ``isComplete``.
public struct RangeDecoder: Sendable {
  /// The most zeros that a complete byte string makes the decoder read behind its end.
  public static let maximumOverrun = 4

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var range: UInt32 = .max
  /// Below `range` for bytes that an encoder wrote, any number for others.
  private var value: UInt32 = 0
  /// How many zeros have been read behind the end of the bytes.
  public private(set) var overrun = 0

  /// Starts at the beginning of a byte string.
  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
    for _ in 0..<4 { shiftInByte() }
  }

  /// Starts at the beginning of a byte string.
  public init(_ bytes: [UInt8]) {
    self.init(bytes[...])
  }

  /// Whether, after the last number, the bytes may be those of these numbers.
  ///
  /// All of them have been read then, and no more zeros behind them than the encoder leaves out. Up
  /// to four bytes too few or too many can pass, so a container needs a checksum as well.
  public var isComplete: Bool {
    position == bytes.endIndex && overrun <= Self.maximumOverrun
  }

  /// Reads one number.
  ///
  /// - Parameter table: the table that the encoder was given.
  /// - Returns: the number; of damaged bytes, one limited to 32 bits.
  /// - Complexity: O(log *n*) for a table of *n* symbols, most often O(1).
  public mutating func decode(with table: QuantizedCDF) -> Int32 {
    // The largest target whose part of the range does not begin above the value.
    let target = ((UInt64(value) + 1) << 16 - 1) / UInt64(range)
    let entry = table.entry(at: UInt32(min(target, 65535)))
    narrow(
      lower: split(range, at: table.cumulative[entry]),
      upper: split(range, at: table.cumulative[entry + 1]))
    guard entry == table.symbolCount else {
      return Int32(truncatingIfNeeded: Int(table.minimum) + entry)
    }
    let isBelow = decodeEvenBit()
    let overflow = decodeGamma()
    let number =
      isBelow
      ? Int(table.minimum) - overflow : Int(table.minimum) + table.symbolCount - 1 + overflow
    return Int32(clamping: number)
  }

  /// Stops after 31 zeros, as no overflow has more than 32 bits.
  private mutating func decodeGamma() -> Int {
    var zeros = 0
    while zeros < 31 {
      if decodeEvenBit() { break }
      zeros += 1
    }
    // Behind 31 zeros the leading one is still to come.
    var number = zeros < 31 || decodeEvenBit() ? 1 : 0
    for _ in 0..<zeros { number = number << 1 | (decodeEvenBit() ? 1 : 0) }
    return number
  }

  private mutating func decodeEvenBit() -> Bool {
    let bound = split(range, at: 32768)
    let bit = value < bound
    narrow(lower: bit ? 0 : bound, upper: bit ? bound : range)
    return bit
  }

  @inline(__always)
  private mutating func narrow(lower: UInt32, upper: UInt32) {
    value -= lower
    range = upper - lower
    while range < minimumRange {
      range <<= 8
      shiftInByte()
    }
  }

  private mutating func shiftInByte() {
    value <<= 8
    if position < bytes.endIndex {
      value |= UInt32(bytes[position])
      position += 1
    } else {
      overrun += 1
    }
  }
}
