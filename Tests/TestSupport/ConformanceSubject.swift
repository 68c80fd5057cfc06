import Codecs

/// What the suites for all codecs have to know of one codec.
///
/// Every part has to be given, so that a codec cannot be added without an answer.
package struct ConformanceSubject: Sendable {
  /// The codec.
  package let provider: CodecProvider
  /// Its configurations besides the default one.
  package let specs: [String]
  /// Whether its pictures look like the originals, which random weights cannot bring about.
  package let isFaithful: Bool
  /// Makes a file that declares a picture beyond every limit from one that the codec wrote.
  package let hostileFile: @Sendable ([UInt8]) -> [UInt8]
  /// How the hostile file is refused.
  package let hostileKind: CodecError.Kind
  /// The bytes that flips leave alone: where a file declares its size, which may ask for the most that
  /// `ImageLimits` allows, and where it names what decodes it, which may not be at hand.
  package let protectedFields: @Sendable ([UInt8]) -> Range<Int>
  /// Makes a file's checksum right again; `nil` where files have none.
  package let repairChecksum: (@Sendable (inout [UInt8]) -> Void)?

  /// Describes a codec.
  package init(
    _ provider: CodecProvider, specs: [String], isFaithful: Bool,
    hostileFile: @escaping @Sendable ([UInt8]) -> [UInt8], hostileKind: CodecError.Kind,
    protectedFields: @escaping @Sendable ([UInt8]) -> Range<Int>,
    repairChecksum: (@Sendable (inout [UInt8]) -> Void)?
  ) {
    self.provider = provider
    self.specs = specs
    self.isFaithful = isFaithful
    self.hostileFile = hostileFile
    self.hostileKind = hostileKind
    self.protectedFields = protectedFields
    self.repairChecksum = repairChecksum
  }
}

/// Writes the CRC-32 of IEEE 802.3, bit by bit, into the last four bytes, lowest byte first.
package func repairTrailingCRC32(_ bytes: inout [UInt8]) {
  guard bytes.count >= 4 else { return }
  var crc = UInt32.max
  for byte in bytes.dropLast(4) {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
  }
  for index in 0..<4 {
    bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: ~crc >> UInt32(8 * index))
  }
}
