#if JPEGXL
  import CLibJXL
  import Codecs
  import Imaging

  /// Lossy JPEG XL through libjxl: a bare codestream in the XYB colour space.
  ///
  /// Quality is the Butteraugli distance that the encoder aims at, from 15 (few bytes) to 0.1; 1 is
  /// what the authors call visually lossless. The encoder minimises that perceptual distance and
  /// nothing else, so its PSNR understates it. JPEG XL has no chroma subsampling here; the library
  /// converts colour itself both ways. Everything runs on the calling thread. Debian's libjxl 0.7
  /// writes what it finds wrong with damaged data to standard error; no setting stops it.
  public struct JPEGXLCodec: Codec {
    /// Makes the codec from a spec such as `jpegxl:effort=9`.
    public static let provider = CodecProvider(
      id: id,
      summary: "lossy JPEG XL, bare codestream",
      parameters: [
        CodecParameter(
          "effort", .integer(1...9), default: "7", help: "effort of the encoder, 9 is the slowest")
      ],
      recognizes: { $0.starts(with: [0xFF, 0x0A]) },
      make: { parameters throws(CodecError) in JPEGXLCodec(parameters) })

    static let id = "jpegxl"

    /// Identity, library version, parameters and quality scale.
    public let descriptor: CodecDescriptor

    init(_ parameters: CodecParameters) {
      let version = JxlEncoderVersion()
      descriptor = CodecDescriptor(
        id: Self.id, displayName: "JPEG XL", library: "libjxl",
        libraryVersion: "\(version / 1_000_000).\(version / 1_000 % 1_000).\(version % 1_000)",
        parameters: parameters,
        qualityScale: QualityScale(
          name: "distance", unit: "Butteraugli", range: 0.1...15, step: nil,
          direction: .lowerIsBetter,
          recommendedSweep: [15, 12, 9, 7, 5.5, 4.5, 3.5, 2.75, 2, 1.5, 1, 0.6, 0.3]),
        fileExtension: "jxl")
    }

    /// Codes a picture as one frame.
    public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
      let distance = try descriptor.validate(quality) ?? 1
      return EncodedImage(
        bytes: try JPEGXLEncoder().encode(
          image, distance: Float(distance), effort: Int64(descriptor.parameters["effort"]) ?? 7))
    }

    /// Decodes a complete opaque still picture, grey or RGB.
    public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
      guard Self.provider.recognizes(bytes) else {
        throw CodecError(corrupt: "they do not begin as a codestream does")
      }
      return try JPEGXLDecoder().decode(bytes)
    }
  }

  extension CodecError {
    /// A failure of this codec.
    init(_ kind: Kind, _ message: String, code: Int? = nil) {
      self.init(codec: JPEGXLCodec.id, kind: kind, libraryCode: code, message: message)
    }

    /// Bytes that are not as an encoder wrote them.
    init(corrupt reason: String) {
      self.init(.corruptData, "the JPEG XL data are damaged: \(reason)")
    }
  }
#endif
