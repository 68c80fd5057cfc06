#if HEIC
  import CLibHEIF
  import Codecs
  import Imaging

  /// HEIC: HEVC intra coding through libheif and x265, one still picture in its container.
  ///
  /// It is what BPG is in the literature. Full range and the coefficients of BT.601, as JPEG has
  /// them; 4:4:4 and x265 tuned for PSNR unless told otherwise, on one thread. Quality is libheif's:
  /// x265 gets a constant rate factor of (100 − quality) ÷ 2. The container's boxes, about 400
  /// bytes, count as rate. x265 does its work, one thing after the other, in a thread of its own.
  public struct HEICCodec: Codec {
    /// Makes the codec from a spec such as `heic:subsampling=420:preset=veryslow`.
    public static let provider = CodecProvider(
      id: id,
      summary: "HEIC, HEVC intra coding by x265",
      parameters: [
        CodecParameter(
          "subsampling", .choice(["420", "422", "444"]), default: "444",
          help: "chroma sampling; grey pictures have no chroma"),
        CodecParameter(
          "preset",
          .choice([
            "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
            "veryslow", "placebo",
          ]), default: "slow", help: "effort of x265"),
        CodecParameter(
          "tune", .choice(["psnr", "ssim", "grain"]), default: "psnr",
          help: "what x265 is tuned for; ssim is libheif's own default"),
      ],
      recognizes: { bytes in
        bytes.count >= 12 && bytes[4..<8].elementsEqual("ftyp".utf8)
          && (bytes[8..<12].elementsEqual("heic".utf8) || bytes[8..<12].elementsEqual("heix".utf8))
      },
      make: { parameters throws(CodecError) in try HEICCodec(parameters) })

    static let id = "heic"

    /// Identity, library versions, parameters and quality scale.
    public let descriptor: CodecDescriptor

    init(_ parameters: CodecParameters) throws(CodecError) {
      let encoderName = try HEIFEncoder(HEIFContext()).name
      descriptor = CodecDescriptor(
        id: Self.id, displayName: "HEIC (x265)", library: "libheif",
        libraryVersion: unsafe "\(String(cString: heif_get_version())) (\(encoderName))",
        parameters: parameters,
        qualityScale: QualityScale(
          name: "quality", unit: "", range: 0...100, step: 1, direction: .higherIsBetter,
          recommendedSweep: [0, 8, 16, 22, 28, 34, 40, 46, 52, 58, 64, 72, 80]),
        fileExtension: "heic", worksOnCallingThread: false,
        capabilities: CodecCapabilities(maximumSize: 32_768))
    }

    /// Codes a picture of at most 32,768 pixels each way, which is libheif's own limit.
    public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
      let quality = try descriptor.validate(quality) ?? 0
      try descriptor.checkCanCode(image)
      let context = try HEIFContext()
      let encoder = try HEIFEncoder(context)
      try encoder.configure(quality: Int32(quality), descriptor.parameters)
      let picture = try HEIFImage(like: image)
      try picture.copySamples(of: image)
      try encoder.encode(picture, into: context)
      return EncodedImage(bytes: try context.write())
    }

    /// Decodes a complete opaque still picture, grey or RGB.
    public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
      guard Self.provider.recognizes(bytes) else {
        throw CodecError(.corruptData, "the HEIC data are damaged: they do not begin as they must")
      }
      return try HEIFContext().decode(bytes)
    }
  }

  extension CodecError {
    /// A failure of this codec.
    init(_ kind: Kind, _ message: String, code: Int? = nil) {
      self.init(codec: HEICCodec.id, kind: kind, libraryCode: code, message: message)
    }
  }
#endif
