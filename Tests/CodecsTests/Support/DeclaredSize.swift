/// Where files declare their size, and files that declare too large a one.
enum DeclaredSize {
  /// The four bytes of height and width in a frame header of JPEG (ISO/IEC 10918-1, B.2.2).
  static func jpeg(_ bytes: [UInt8]) -> Range<Int> {
    let frame = bytes.indices.dropLast().first {
      bytes[$0] == 0xFF && [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(bytes[$0 + 1])
    }
    return frame.map { $0 + 5..<$0 + 9 } ?? 0..<0
  }

  /// Width and height in the box `ispe` of AVIF and HEIC, behind its name, version and flags.
  static func imageSpatialExtents(_ bytes: [UInt8]) -> Range<Int> {
    let name = bytes.firstRange(of: Array("ispe".utf8))
    return name.map { $0.lowerBound + 8..<$0.lowerBound + 16 } ?? 0..<0
  }

  /// 100,000 × 100,000 in the box `ispe`.
  static func hugeSpatialExtents(_ bytes: [UInt8]) -> [UInt8] {
    bytes.replacing(imageSpatialExtents(bytes), with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
  }

  /// A codestream's signature, SizeHeader and default metadata (ISO/IEC 18181-1, annex D).
  static func jpegXLHeader(width: Int, height: Int) -> [UInt8] {
    // Least significant bit first: not small, then each size as selector 3 and 30 bits, between
    // them no fixed ratio, at the end ‘all default’.
    var bits: [Int] = [0]
    func append(_ value: Int, _ count: Int) { bits += (0..<count).map { value >> $0 & 1 } }
    append(3, 2)
    append(height - 1, 30)
    append(0, 3)
    append(3, 2)
    append(width - 1, 30)
    append(1, 1)
    bits += Array(repeating: 0, count: 256 - bits.count)
    let payload = stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 | UInt8(bits[start + $1] << $1) }
    }
    return [0xFF, 0x0A] + payload
  }
}

extension [UInt8] {
  /// The bytes with others in the place of some.
  func replacing(_ range: Range<Int>, with bytes: [UInt8]) -> [UInt8] {
    var copy = self
    copy.replaceSubrange(range, with: bytes)
    return copy
  }
}
