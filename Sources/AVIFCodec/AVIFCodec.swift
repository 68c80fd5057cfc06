#if AVIF
  import Codecs
  import Imaging

  /// AVIF: AV1 intra coding through libavif and libaom, one still picture in its container.
  ///
  /// Full range and the coefficients of BT.601, as JPEG has them; 4:4:4 and libaom tuned for PSNR
  /// unless told otherwise. The library converts colour itself, in floating point (never with
  /// libyuv, whose fixed point arithmetic rounds more coarsely and differs between processors).
  /// Quality is AV1's quantizer: `end-usage=q` with `cq-level`, from 63 (few bytes) to 0. The
  /// container's boxes, about 300 bytes, count as rate.
  public struct AVIFCodec: Codec {
    /// Makes the codec from a spec such as `avif:subsampling=420:speed=6`.
    public static let provider = CodecProvider(
      id: id,
      summary: "AVIF, AV1 intra coding by libaom",
      parameters: [
        CodecParameter(
          "subsampling", .choice(["420", "422", "444"]), default: "444",
          help: "chroma sampling; grey pictures have no chroma"),
        CodecParameter(
          "speed", .integer(0...10), default: "4", help: "effort of the encoder, 0 is the slowest"),
        CodecParameter(
          "depth", .choice(["8", "10"]), default: "8",
          help: "bits per sample inside the codec; 10 loses less to rounding"),
        CodecParameter(
          "tune", .choice(["psnr", "ssim"]), default: "psnr",
          help: "the distortion that libaom minimises"),
      ],
      recognizes: { bytes in
        bytes.count >= 12 && bytes[4..<8].elementsEqual("ftyp".utf8)
          && bytes[8..<12].elementsEqual("avif".utf8)
      },
      make: { parameters throws(CodecError) in try AVIFCodec(parameters) })

    static let id = "avif"

    /// Identity, library versions, parameters and quality scale.
    public let descriptor: CodecDescriptor

    init(_ parameters: CodecParameters) throws(CodecError) {
      descriptor = CodecDescriptor(
        id: Self.id, displayName: "AVIF", library: "libavif",
        libraryVersion: try AVIFLibrary.version(), parameters: parameters,
        qualityScale: QualityScale(
          name: "quantizer", unit: "", range: 0...63, step: 1, direction: .lowerIsBetter,
          recommendedSweep: [63, 60, 56, 52, 47, 42, 37, 32, 27, 22, 17, 12, 7]),
        fileExtension: "avif",
        capabilities: CodecCapabilities(maximumSize: 65_536))
    }

    /// Codes a picture of at most 65,536 pixels each way.
    public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
      let quantizer = try descriptor.validate(quality) ?? 0
      try descriptor.checkCanCode(image)
      let planes = try AVIFImage(
        like: image, sampling: Sampling(rawValue: descriptor.parameters["subsampling"]) ?? .full,
        depth: UInt32(descriptor.parameters["depth"]) ?? 8)
      try planes.convert(image)
      return try AVIFEncoder().encode(
        planes, quantizer: Int(quantizer), speed: Int32(descriptor.parameters["speed"]) ?? 4,
        tune: descriptor.parameters["tune"])
    }

    /// Decodes a complete opaque still picture, grey or RGB.
    public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
      guard Self.provider.recognizes(bytes) else {
        throw CodecError(.corruptData, "the AVIF data are damaged: they do not begin as they must")
      }
      return try AVIFDecoder().decode(bytes)
    }

    /// How many luma samples share a chroma sample.
    enum Sampling: String {
      case quarter = "420"
      case half = "422"
      case full = "444"
    }
  }

  extension CodecError {
    /// A failure of this codec.
    init(_ kind: Kind, _ message: String, code: Int? = nil) {
      self.init(codec: AVIFCodec.id, kind: kind, libraryCode: code, message: message)
    }
  }
#endif
