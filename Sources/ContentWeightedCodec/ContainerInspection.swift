import Codecs

/// What a file of `cw` or `cw-no-importance` says about itself, without its model.
public struct ContainerInspection: Sendable, Equatable {
  /// The id of the codec that wrote it.
  public let codec: String
  /// The version of the format.
  public let formatVersion: Int
  /// The first four bytes of the model's SHA-256, in hexadecimal digits.
  public let model: String
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Whether the picture is grey.
  public let isGray: Bool
  /// The rate byte i, with t = i / 255.
  public let rateByte: Int
  /// The word of the `entropy` parameter.
  public let entropyCoder: String
  /// Bytes that belong to neither section: header and checksum.
  public let headerByteCount: Int
  /// Bytes of the importance map.
  public let importanceMapByteCount: Int
  /// Bytes of the codes.
  public let codesByteCount: Int

  /// Reads a file.
  ///
  /// - Throws: `CodecError` of kind `corruptData` or `limitExceeded`.
  public init(_ bytes: [UInt8]) throws(CodecError) {
    let container = try Container(bytes, maximumPixelCount: Container.maximumPixelCount)
    codec = container.kind.codecID
    formatVersion = Int(Container.version)
    model = hexadecimal(container.modelIdentifier)
    width = container.width
    height = container.height
    isGray = container.isGray
    rateByte = Int(container.rate.byte)
    entropyCoder = container.coder.word
    importanceMapByteCount = container.importanceSection.count
    codesByteCount = container.codesSection.count
    headerByteCount = bytes.count - importanceMapByteCount - codesByteCount
  }

  /// Whether a file begins as one of these codecs does.
  public static func recognizes(_ bytes: [UInt8]) -> Bool {
    Container.Kind.allCases.contains { Container.begins(bytes, $0) }
  }
}
