/// Writes ZIP archives byte by byte, well formed or not.
enum ZIPWriter {
  /// A file to put into an archive.
  struct Member {
    var name: String
    var bytes: [UInt8]
    /// What the archive claims about the size, when that is not the truth.
    var declaredSize: UInt32?
    /// Whether the checksum is wrong.
    var hasWrongChecksum = false
    /// Bit 0 says that the member is encrypted.
    var flags: UInt16 = 0
  }

  /// An archive with its members stored, not compressed.
  static func archive(_ members: [Member]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let offset = UInt32(bytes.count)
      let size = member.declaredSize ?? UInt32(member.bytes.count)
      let checksum = crc32(member.bytes) ^ (member.hasWrongChecksum ? 1 : 0)
      var fields = two(20) + two(member.flags | 0x800) + two(0) + two(0) + two(0x21)
      for field in [checksum, size, size] { fields += four(field) }
      fields += two(UInt16(member.name.utf8.count)) + two(0)
      bytes += four(0x0403_4B50) + fields + Array(member.name.utf8) + member.bytes
      directory += four(0x0201_4B50) + two(20) + fields + [UInt8](repeating: 0, count: 10)
      directory += four(offset) + Array(member.name.utf8)
    }
    let count = two(UInt16(members.count))
    let end = four(0x0605_4B50) + [0, 0, 0, 0] + count + count
    let place = four(UInt32(directory.count)) + four(UInt32(bytes.count)) + [0, 0]
    return bytes + directory + end + place
  }

  private static func two(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }

  private static func four(_ value: UInt32) -> [UInt8] {
    two(UInt16(value & 0xFFFF)) + two(UInt16(value >> 16))
  }

  /// The checksum of ZIP and PNG (ISO 3309), bit by bit.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
