/// The fields of a file, read leniently and written with or without being right.
///
/// A second implementation of the layout in the article "The bitstream of cw and cw-no-importance",
/// so that a mutation gets past the checksum and into the decoders behind it.
struct FileFields {
  /// The first eight bytes: signature, codec, flags, model and rate.
  var head: [UInt8]
  var width: UInt32
  var height: UInt32
  var importanceMap: [UInt8]
  var codes: [UInt8]

  /// Takes a file apart, or gives `nil` for bytes whose lengths contradict each other.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    guard rest.count >= 8 else { return nil }
    head = Array(rest.prefix(8))
    rest = rest.dropFirst(8)
    guard let width = Self.number(&rest), let height = Self.number(&rest),
      let importanceSize = Self.number(&rest), let codesSize = Self.number(&rest),
      rest.count == Int(importanceSize) + Int(codesSize) + 4
    else { return nil }
    self.width = width
    self.height = height
    importanceMap = Array(rest.prefix(Int(importanceSize)))
    codes = Array(rest.dropFirst(Int(importanceSize)).dropLast(4))
  }

  /// The file, with a checksum that is right.
  ///
  /// - Parameter sizeError: added to the size of the codes that the file declares.
  func bytes(sizeError: Int = 0) -> [UInt8] {
    var bytes = head
    let codesSize = UInt32(clamping: codes.count + sizeError)
    for number in [width, height, UInt32(importanceMap.count), codesSize] {
      var rest = number
      while rest > 0x7F {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    bytes += importanceMap + codes
    let checksum = Self.checksum(bytes)
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for shift: UInt32 in stride(from: 0, to: 28, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt32(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  /// CRC-32 of IEEE 802.3, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
    }
    return ~crc
  }
}
