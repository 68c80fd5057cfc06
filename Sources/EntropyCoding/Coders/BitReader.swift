/// Reads the bits that a ``BitWriter`` wrote.
///
/// Any bytes can be read: behind their end there are zeros, and ``isComplete`` tells at the end
/// whether bytes and bits belong together.
public struct BitReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  private var position = 0

  /// Starts at the beginning of a byte string.
  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// Reads one bit.
  ///
  /// - Complexity: O(1).
  public mutating func next() -> Bool {
    defer { position += 1 }
    let index = bytes.startIndex + position >> 3
    return index < bytes.endIndex && bytes[index] >> UInt8(7 - position & 7) & 1 == 1
  }

  /// Reads a number of at most 32 bits, the most significant first.
  public mutating func next(count: Int) -> UInt32 {
    (0..<count).reduce(0) { value, _ in value << 1 | (next() ? 1 : 0) }
  }

  /// Whether a bit has been read that the bytes do not have.
  public var isOverrun: Bool { position > 8 * bytes.count }

  /// Whether, after the last bit, these are the bytes of these bits: every byte begun, none too
  /// few, and zeros behind the last bit.
  public var isComplete: Bool {
    guard !isOverrun, 8 * bytes.count - position < 8 else { return false }
    let unused = UInt8(8 * bytes.count - position)
    return (bytes.last ?? 0) & (1 << unused - 1) == 0
  }
}
