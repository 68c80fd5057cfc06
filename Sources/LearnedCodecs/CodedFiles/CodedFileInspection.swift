import Codecs
import Files

/// What a file of a learned codec says about itself, without its model.
public struct CodedFileInspection: Sendable, Equatable {
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
  /// The word of the entropy coder.
  public let entropyCoder: String
  /// The sizes of the header, checksum included, and of the sections in the order of the file.
  public let sections: [EncodedImage.Section]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - kinds: the kinds that it may be of.
  /// - Throws: `CodecError` of kind `corruptData` or `limitExceeded`.
  public init(_ bytes: [UInt8], kinds: [FileKind]) throws(CodecError) {
    let file = try CodedFile(
      bytes, kinds: kinds, maximumPixelCount: CodedFile.maximumPixelCount)
    codec = file.kind.codecID
    formatVersion = Int(CodedFile.version)
    model = hexadecimal(file.modelIdentifier)
    width = file.width
    height = file.height
    isGray = file.isGray
    rateByte = Int(file.knob.byte)
    entropyCoder = file.kind.coders[Int(file.coder)]
    sections = file.sectionSizes(byteCount: bytes.count)
  }
}
