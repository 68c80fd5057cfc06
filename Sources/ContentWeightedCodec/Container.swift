import Codecs

/// A coded picture's file: what it says about itself, and its two sections.
///
/// The layout is described in <doc:ContentWeightedBitstream>. All that is not the sections takes at
/// most ``maximumOverhead`` bytes.
struct Container: Equatable {
  /// Which of the two codecs wrote a file: the second byte.
  enum Kind: UInt8, CaseIterable {
    /// `cw`.
    case withImportanceMap = 0x57
    /// `cw-no-importance`.
    case withoutImportanceMap = 0x4E

    /// The codec's id.
    var codecID: String {
      switch self {
      case .withImportanceMap: "cw"
      case .withoutImportanceMap: "cw-no-importance"
      }
    }
  }

  static let firstByte: UInt8 = 0xC7
  static let version: UInt8 = 1
  /// The bytes of a file that belong to neither section.
  static let maximumOverhead = 24
  /// The largest picture that a file can hold: 2²⁷ pixels keep the lengths of its fields so short
  /// that ``maximumOverhead`` holds.
  static let maximumPixelCount = 1 << 27

  var kind: Kind
  var isGray: Bool
  var coder: CoderID
  var modelIdentifier: [UInt8]
  var rate: RatePoint
  var width: Int
  var height: Int
  var importanceSection: [UInt8]
  var codesSection: [UInt8]

  /// Whether a file begins as one of this kind does.
  static func begins(_ bytes: [UInt8], _ kind: Kind) -> Bool {
    bytes.starts(with: [firstByte, kind.rawValue])
  }

  /// All bytes of the file.
  var bytes: [UInt8] {
    var bytes = [Self.firstByte, kind.rawValue]
    bytes.append(Self.version << 5 | (isGray ? 1 << 4 : 0) | coder.rawValue)
    bytes += modelIdentifier
    bytes.append(rate.byte)
    for field in [width, height, importanceSection.count, codesSection.count] {
      bytes += VariableLengthInteger.bytes(of: field)
    }
    bytes += importanceSection
    bytes += codesSection
    let checksum = crc32(bytes)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
    return bytes
  }

  /// The file as the harness counts it.
  var encodedImage: EncodedImage {
    let bytes = self.bytes
    let sections = importanceSection.count + codesSection.count
    return EncodedImage(
      bytes: bytes,
      sections: [
        .init(.header, bytes.count - sections), .init(.importanceMap, importanceSection.count),
        .init(.codes, codesSection.count),
      ])
  }
}
