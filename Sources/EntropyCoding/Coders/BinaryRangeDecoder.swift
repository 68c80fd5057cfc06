/// Reads the bits that a ``BinaryRangeEncoder`` wrote.
///
/// Any bytes decode to some bits: damaged or truncated input gives other bits, never a trap. Where
/// the bytes end, zeros are read and counted in ``overrun``, so that a container can tell a
/// truncated string from a complete one with ``isComplete``.
public struct BinaryRangeDecoder: Sendable {
  /// The most zeros that a complete byte string makes the decoder read behind its end.
  public static let maximumOverrun = 4

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var range: UInt32 = .max
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

  /// Whether, after the last bit, the bytes may be those of these bits.
  ///
  /// All of them have been read then, and no more zeros behind them than the encoder leaves out. Up
  /// to four bytes too few or too many can pass, so a container needs a checksum as well.
  public var isComplete: Bool {
    position == bytes.endIndex && overrun <= Self.maximumOverrun
  }

  /// Reads one bit.
  ///
  /// - Parameter probabilityOfOne: the probability that the encoder was given, in 65536ths.
  /// - Precondition: `probabilityOfOne` is not 0.
  /// - Complexity: O(1).
  public mutating func decode(probabilityOfOne: UInt16) -> Bool {
    precondition(probabilityOfOne != 0, "a bit of probability 0 has no code")
    let bound = split(range, at: UInt32(probabilityOfOne))
    let bit = value < bound
    if bit {
      range = bound
    } else {
      value -= bound
      range -= bound
    }
    while range < minimumRange {
      range <<= 8
      shiftInByte()
    }
    return bit
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
