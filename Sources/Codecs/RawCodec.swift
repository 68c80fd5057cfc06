import Imaging

/// The codec that does nothing: a binary PNM file, 24 bits per pixel for RGB and 8 for grey.
///
/// It has no quality scale and no error (MSE 0), so its row shows what the harness itself costs.
public struct RawCodec: Codec {
  /// Makes the codec; it has no parameters.
  public static let provider = CodecProvider(
    id: id,
    summary: "no compression: a binary PNM file",
    parameters: [],
    recognizes: { $0.starts(with: "P5".utf8) || $0.starts(with: "P6".utf8) },
    make: { parameters throws(CodecError) in RawCodec(parameters) })

  private static let id = "raw"

  /// Identity, library version, parameters and quality scale.
  public let descriptor: CodecDescriptor

  init(_ parameters: CodecParameters) {
    descriptor = CodecDescriptor(
      id: Self.id, displayName: "Raw", library: "built-in PNM", libraryVersion: "1",
      parameters: parameters,
      qualityScale: nil, fileExtension: "pnm", origin: .ownCode,
      bytesDependOnBuild: true)
  }

  /// Writes the picture as a binary PNM file.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    _ = try descriptor.validate(quality)
    let bytes = PNM.encode(image)
    let payloadCount = image.samples.count
    return EncodedImage(
      bytes: bytes,
      sections: [.init(.header, bytes.count - payloadCount), .init(.payload, payloadCount)])
  }

  /// Reads a binary PNM file of exactly the declared length.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    guard Self.provider.recognizes(bytes) else {
      throw CodecError(
        codec: Self.id, kind: .corruptData, message: "the bytes are not a binary PNM file")
    }
    do {
      return try PNM.decode(bytes).image
    } catch {
      throw CodecError(codec: Self.id, decoding: error)
    }
  }
}
