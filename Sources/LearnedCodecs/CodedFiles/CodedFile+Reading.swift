import Codecs

extension CodedFile {
  /// The largest picture that a file can hold: 2²⁷ pixels keep the lengths of its fields short.
  package static let maximumPixelCount = 1 << 27

  /// Reads a file, which may come from anywhere.
  ///
  /// Nothing is allocated but the sections, which are no longer than the file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - kinds: the kinds that it may be of.
  ///   - maximumPixelCount: the largest picture that is accepted.
  /// - Throws: `CodecError` of kind `corruptData` when the bytes are damaged, and `limitExceeded`
  ///   when the picture is too large; its codec is that of the file, or the first where the bytes are
  ///   of none of them.
  package init(
    _ bytes: [UInt8], kinds: [FileKind], maximumPixelCount: Int
  ) throws(CodecError) {
    guard let kind = kinds.first(where: { $0.begins(bytes) }) else {
      throw CodecError(
        codec: kinds.first?.codecID ?? "", kind: .corruptData,
        message: "the bytes do not begin as a file of "
          + kinds.map(\.codecID).joined(separator: " or "))
    }
    var reader = FieldReader(bytes: bytes[2...], codec: kind.codecID)
    let flags = try reader.byte()
    guard flags >> 5 == Self.version else {
      throw reader.corrupt("the format version is \(flags >> 5), not \(Self.version)")
    }
    let coder = flags & 0x0F
    guard coder < kind.coders.count else { throw reader.corrupt("there is no coder \(coder)") }
    var identifier: [UInt8] = []
    for _ in 0..<Self.modelIdentifierSize { identifier.append(try reader.byte()) }
    let knob = RateKnob(byte: try reader.byte())
    let width = try reader.integer()
    let height = try reader.integer()
    var sizes: [Int] = []
    for _ in kind.sections { sizes.append(try reader.integer()) }
    // All sizes are below 2²⁸, so the sum cannot overflow.
    guard reader.bytes.count == sizes.reduce(4, +) else {
      throw reader.corrupt("the file has \(bytes.count) bytes, other than its sections need")
    }
    let checksum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard crc32(bytes.dropLast(4)) == checksum else {
      throw reader.corrupt("the checksum does not match")
    }
    guard width > 0, height > 0 else { throw reader.corrupt("the picture is empty") }
    let limit = min(maximumPixelCount, Self.maximumPixelCount)
    guard width * height <= limit else {
      throw CodecError(
        codec: kind.codecID, kind: .limitExceeded,
        message: "the file declares \(width)×\(height) pixels, more than the limit of \(limit)")
    }
    var sections: [[UInt8]] = []
    var rest = reader.bytes
    for (section, size) in zip(kind.sections, sizes) {
      guard size == 0 || !section.isAlwaysEmpty else {
        throw reader.corrupt("there is a section \(section.name.rawValue) where none belongs")
      }
      sections.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    self.init(
      kind: kind, isGray: flags >> 4 & 1 == 1, coder: coder, modelIdentifier: identifier,
      knob: knob,
      width: width, height: height, sections: sections)
  }

  /// Reads a file as one codec of a family does.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - kind: the codec's own kind.
  ///   - family: the kinds of the codec's family, which are told from each other.
  ///   - maximumPixelCount: the largest picture that is accepted.
  /// - Throws: `CodecError` of that codec, as ``init(_:kinds:maximumPixelCount:)``, and for a file of
  ///   another kind.
  package init(
    _ bytes: [UInt8], kind: FileKind, of family: [FileKind], maximumPixelCount: Int
  ) throws(CodecError) {
    do throws(CodecError) {
      try self.init(bytes, kinds: family, maximumPixelCount: maximumPixelCount)
    } catch {
      // The error is the codec's that was asked, whichever the bytes claim to be of.
      throw CodecError(codec: kind.codecID, kind: error.kind, message: error.message)
    }
    guard self.kind == kind else {
      throw CodecError(
        codec: kind.codecID, kind: .corruptData, message: "the file is one of \(self.kind.codecID)")
    }
  }
}

/// Takes fields from the front of a file.
private struct FieldReader {
  private(set) var bytes: ArraySlice<UInt8>
  let codec: String

  func corrupt(_ message: String) -> CodecError {
    CodecError(codec: codec, kind: .corruptData, message: message)
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
