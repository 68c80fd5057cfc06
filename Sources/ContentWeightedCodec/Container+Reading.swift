import Codecs

extension Container {
  /// Reads a file, which may come from anywhere.
  ///
  /// Nothing is allocated but the sections, which are no longer than the file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - maximumPixelCount: the largest picture that is accepted.
  /// - Throws: `CodecError` of kind `corruptData` when the bytes are damaged, and `limitExceeded`
  ///   when the picture is too large.
  init(_ bytes: [UInt8], maximumPixelCount: Int) throws(CodecError) {
    guard bytes.count >= 2, bytes[0] == Self.firstByte, let kind = Kind(rawValue: bytes[1]) else {
      throw CodecError(
        codec: Kind.withImportanceMap.codecID, kind: .corruptData,
        message: "the bytes do not begin as a file of cw or cw-no-importance")
    }
    var reader = ContainerReader(bytes: bytes[2...], kind: kind)
    self.kind = kind
    let flags = try reader.byte()
    guard flags >> 5 == Self.version else {
      throw reader.corrupt("the format version is \(flags >> 5), not \(Self.version)")
    }
    isGray = flags >> 4 & 1 == 1
    guard let coder = CoderID(rawValue: flags & 0x0F) else {
      throw reader.corrupt("there is no coder \(flags & 0x0F)")
    }
    self.coder = coder
    modelIdentifier = [
      try reader.byte(), try reader.byte(), try reader.byte(), try reader.byte(),
    ]
    rate = RatePoint(byte: try reader.byte())
    width = try reader.integer()
    height = try reader.integer()
    let importanceSize = try reader.integer()
    let codesSize = try reader.integer()
    // Both sizes are below 2²⁸, so the sum cannot overflow.
    guard reader.bytes.count == importanceSize + codesSize + 4 else {
      throw reader.corrupt("the file has \(bytes.count) bytes, other than its sections need")
    }
    let checksum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard crc32(bytes.dropLast(4)) == checksum else {
      throw reader.corrupt("the checksum does not match")
    }
    guard width > 0, height > 0 else { throw reader.corrupt("the picture is empty") }
    guard width * height <= min(maximumPixelCount, Self.maximumPixelCount) else {
      throw CodecError(
        codec: kind.codecID, kind: .limitExceeded,
        message: "the file declares \(width)×\(height) pixels, more than the limit of "
          + "\(min(maximumPixelCount, Self.maximumPixelCount))")
    }
    guard kind == .withImportanceMap || importanceSize == 0 else {
      throw reader.corrupt("there is an importance map where none belongs")
    }
    importanceSection = Array(reader.bytes.prefix(importanceSize))
    codesSection = Array(reader.bytes.dropFirst(importanceSize).prefix(codesSize))
  }
}

/// Takes fields from the front of a file.
private struct ContainerReader {
  private(set) var bytes: ArraySlice<UInt8>
  let kind: Container.Kind

  func corrupt(_ message: String) -> CodecError {
    CodecError(codec: kind.codecID, kind: .corruptData, message: message)
  }

  mutating func byte() throws(CodecError) -> UInt8 {
    guard let byte = bytes.popFirst() else { throw corrupt("the header is cut off") }
    return byte
  }

  /// A number below 2²⁸ in the one shortest form.
  mutating func integer() throws(CodecError) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 28, by: 7) {
      let byte = try byte()
      value |= Int(byte & 0x7F) << shift
      guard byte & 0x80 != 0 else {
        guard byte != 0 || shift == 0 else { throw corrupt("a number is longer than it need be") }
        return value
      }
    }
    throw corrupt("a number has more than four bytes")
  }
}
