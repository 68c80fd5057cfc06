/// Writes bits with given probabilities as a range-coded byte string.
///
/// The arithmetic is integer only, so that the same bits and probabilities give the same bytes on
/// every machine. The format is described in <doc:RangeCodedBitstream>; it is Martin's range coder
/// (1979) for two symbols with the delayed carry of Schindler's and Pavlov's implementations: a byte
/// that a later carry may still change waits, with the run of 0xFF after it, until it is settled.
///
/// Invariants between two bits: `range` is in 2²⁴..<2³², `low` is below 2³², and all bytes before
/// the waiting ones are final.
public struct BinaryRangeEncoder: Sendable {
  private var low: UInt64 = 0
  private var range: UInt32 = .max
  /// The settled byte that a carry may still raise; `nil` until the first byte has been shifted out.
  private var waitingByte: UInt8?
  /// How many 0xFF follow the waiting byte; a carry turns them all into 0x00.
  private var waitingOnes = 0
  private var bytes: [UInt8] = []

  /// Starts an empty byte string.
  public init() {}

  /// Appends one bit.
  ///
  /// - Parameters:
  ///   - bit: the bit.
  ///   - probabilityOfOne: the probability that `bit` is true, in 65536ths.
  /// - Precondition: `probabilityOfOne` is not 0.
  /// - Complexity: O(1) amortised.
  public mutating func encode(_ bit: Bool, probabilityOfOne: UInt16) {
    precondition(probabilityOfOne != 0, "a bit of probability 0 has no code")
    let bound = split(range, probabilityOfOne: probabilityOfOne)
    if bit {
      range = bound
    } else {
      low += UInt64(bound)
      range -= bound
    }
    while range < minimumRange {
      shiftOutByte()
      range <<= 8
    }
  }

  /// Ends the byte string with as few bytes as the decoder needs.
  ///
  /// - Returns: all bytes. A decoder that reads zeros behind them gets the encoded bits back; it
  ///   reads at most ``BinaryRangeDecoder/maximumOverrun`` such zeros.
  public consuming func finish() -> [UInt8] {
    // Of the values in low..<low + range, take the one that ends in the most zero bytes: those
    // bytes need not be written.
    var keptByteCount = 0
    for byteCount in 0...4 {
      let unit = UInt64(1) << (8 * (4 - byteCount))
      let value = (low + unit - 1) / unit * unit
      if value < low + UInt64(range) {
        low = value
        keptByteCount = byteCount
        break
      }
    }
    for _ in 0..<keptByteCount { shiftOutByte() }
    settle(carry: low > UInt64(UInt32.max))
    return bytes
  }

  /// Moves the top byte of `low` to the waiting bytes.
  private mutating func shiftOutByte() {
    let carry = low > UInt64(UInt32.max)
    let byte = UInt8(truncatingIfNeeded: low >> 24)
    if byte == 0xFF, !carry, waitingByte != nil {
      waitingOnes += 1
    } else {
      settle(carry: carry)
      waitingByte = byte
    }
    low = (low & 0x00FF_FFFF) << 8
  }

  /// Writes the waiting bytes, raised by the carry.
  private mutating func settle(carry: Bool) {
    guard let byte = waitingByte else { return }
    bytes.append(carry ? byte + 1 : byte)
    bytes.append(contentsOf: repeatElement(carry ? 0x00 : 0xFF, count: waitingOnes))
    waitingByte = nil
    waitingOnes = 0
  }
}

/// The smallest range between two bits; below it a byte is shifted out.
let minimumRange: UInt32 = 1 << 24

/// The part of `range` that a one takes: at least 2⁸ and at most `range` − 2⁸, as `range` ≥ 2²⁴.
@inline(__always)
func split(_ range: UInt32, probabilityOfOne: UInt16) -> UInt32 {
  UInt32(truncatingIfNeeded: (UInt64(range) * UInt64(probabilityOfOne)) >> 16)
}
