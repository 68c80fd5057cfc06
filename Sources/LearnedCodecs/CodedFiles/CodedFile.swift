import Codecs

/// A coded picture's file: what it says about itself, and its sections.
///
/// The layout is described in <doc:CodedFileLayout>.
package struct CodedFile: Sendable, Equatable {
  package static let firstByte: UInt8 = 0xC7
  package static let version: UInt8 = 1
  /// The bytes of a model's digest by which a file names it.
  package static let modelIdentifierSize = 4

  package var kind: FileKind
  package var isGray: Bool
  /// The place of the entropy coder among those of the kind.
  package var coder: UInt8
  package var modelIdentifier: [UInt8]
  package var knob: RateKnob
  package var width: Int
  package var height: Int
  /// The bytes of the kind's sections, in their order.
  package var sections: [[UInt8]]

  /// Wraps coded sections.
  ///
  /// - Parameters:
  ///   - kind: which codec's file it is.
  ///   - isGray: whether the picture is grey.
  ///   - coder: the place of the entropy coder among those of the kind.
  ///   - modelIdentifier: the first four bytes of the model's SHA-256.
  ///   - knob: the position of the rate knob.
  ///   - width: pixels.
  ///   - height: pixels.
  ///   - sections: one for each of the kind's, in their order.
  /// - Precondition: all of it is as the kind says.
  package init(
    kind: FileKind, isGray: Bool, coder: UInt8, modelIdentifier: [UInt8], knob: RateKnob,
    width: Int,
    height: Int, sections: [[UInt8]]
  ) {
    precondition(coder < kind.coders.count, "\(kind.codecID) has no coder \(coder)")
    precondition(sections.count == kind.sections.count, "a section for each of the kind's")
    precondition(
      modelIdentifier.count == Self.modelIdentifierSize, "four bytes of the digest name a model")
    self.kind = kind
    self.isGray = isGray
    self.coder = coder
    self.modelIdentifier = modelIdentifier
    self.knob = knob
    self.width = width
    self.height = height
    self.sections = sections
  }

  /// The bytes of a section.
  ///
  /// - Precondition: files of this kind have it.
  package subscript(name: EncodedImage.Section.Name) -> [UInt8] {
    guard let index = kind.sections.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("files of \(kind.codecID) have no section \(name.rawValue)")
    }
    return sections[index]
  }

  /// All bytes of the file.
  package var bytes: [UInt8] {
    var bytes = [Self.firstByte, kind.byte]
    bytes.append(Self.version << 5 | (isGray ? 1 << 4 : 0) | coder)
    bytes += modelIdentifier
    bytes.append(knob.byte)
    for field in [width, height] + sections.map(\.count) {
      bytes += VariableLengthInteger.bytes(of: field)
    }
    for section in sections { bytes += section }
    let checksum = crc32(bytes)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
    return bytes
  }

  /// The file as the harness counts it.
  package var encodedImage: EncodedImage {
    let bytes = self.bytes
    return EncodedImage(bytes: bytes, sections: sectionSizes(byteCount: bytes.count))
  }

  /// The sizes of header and sections of a file of `byteCount` bytes.
  func sectionSizes(byteCount: Int) -> [EncodedImage.Section] {
    let named = zip(kind.sections, sections).map { EncodedImage.Section($0.name, $1.count) }
    return [.init(.header, byteCount - named.map(\.byteCount).reduce(0, +))] + named
  }
}
