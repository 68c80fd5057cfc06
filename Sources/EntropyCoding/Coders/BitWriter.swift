/// Writes bits as they are, eight to a byte, the first in the most significant place.
public struct BitWriter: Sendable {
  /// The bytes so far; zeros fill the last.
  public private(set) var bytes: [UInt8] = []
  private var freeBits = 0

  /// Starts an empty byte string.
  public init() {}

  /// Appends one bit.
  ///
  /// - Complexity: O(1) amortised.
  public mutating func append(_ bit: Bool) {
    append(bit ? 1 : 0, count: 1)
  }

  /// Appends the low bits of a number, the most significant of them first.
  ///
  /// - Parameters:
  ///   - value: the number.
  ///   - count: how many of its bits, at most 32.
  /// - Complexity: O(1) amortised.
  public mutating func append(_ value: UInt32, count: Int) {
    precondition((0...32).contains(count), "a number has 32 bits")
    for shift in (0..<count).reversed() {
      if freeBits == 0 {
        bytes.append(0)
        freeBits = 8
      }
      freeBits -= 1
      bytes[bytes.count - 1] |= UInt8(value >> UInt32(shift) & 1) << UInt8(freeBits)
    }
  }
}
