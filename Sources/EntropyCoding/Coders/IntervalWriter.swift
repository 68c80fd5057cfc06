/// The interval of a range encoder and the bytes that it has settled.
///
/// Invariants between two symbols: `range` is in 2²⁴..<2³², `low` is below 2³², and all bytes before
/// the waiting ones are final.
struct IntervalWriter: Sendable {
  private var low: UInt64 = 0
  private(set) var range: UInt32 = .max
  /// The settled byte that a carry may still raise; `nil` until the first byte has been shifted out.
  private var waitingByte: UInt8?
  /// How many 0xFF follow the waiting byte; a carry turns them all into 0x00.
  private var waitingOnes = 0
  private var bytes: [UInt8] = []

  /// Goes on with a part of the interval, which is not empty.
  @inline(__always)
  mutating func narrow(lower: UInt32, upper: UInt32) {
    low += UInt64(lower)
    range = upper - lower
    while range < minimumRange {
      shiftOutByte()
      range <<= 8
    }
  }

  /// Ends the byte string with as few bytes as the decoder needs.
  consuming func finish() -> [UInt8] {
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

/// The smallest range between two symbols; below it a byte is shifted out.
let minimumRange: UInt32 = 1 << 24

/// The part of `range` below a cumulative probability in 65536ths.
///
/// As `range` ≥ 2²⁴, two different probabilities are at least 2⁸ apart.
@inline(__always)
func split(_ range: UInt32, at probability: UInt32) -> UInt32 {
  UInt32(truncatingIfNeeded: (UInt64(range) * UInt64(probability)) >> 16)
}
