import COpenJPEG
import Codecs
import Imaging

/// Lossy JPEG 2000 through OpenJPEG: irreversible 9/7 wavelet, multi-component transform for RGB,
/// one tile, one quality layer, six resolutions, a raw codestream.
///
/// `mode=rate` sweeps bits per pixel of the picture: the library fills that budget, all headers but
/// the last 16 bytes of markers included, and stops short of it where a picture needs less.
/// `mode=psnr` sweeps the PSNR in decibels that the library aims at. As the library's own programs
/// do, it writes a comment with its version into the header (39 bytes), which counts as rate.
public struct JPEG2000Codec: Codec {
  /// Makes the codec from a spec such as `jpeg2000:mode=psnr`.
  public static let provider = CodecProvider(
    id: id,
    summary: "lossy JPEG 2000, 9/7 wavelet, raw codestream",
    parameters: [
      CodecParameter(
        "mode", .choice(["rate", "psnr"]), default: "rate",
        help: "what the quality fixes: rate in bits per pixel, or PSNR in decibels")
    ],
    recognizes: { $0.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) },
    make: { parameters throws(CodecError) in JPEG2000Codec(parameters) })

  static let id = "jpeg2000"

  /// Identity, library version, parameters and quality scale.
  public let descriptor: CodecDescriptor
  private let mode: Mode

  /// What the quality number fixes.
  private enum Mode: String {
    case rate, psnr

    var scale: QualityScale {
      switch self {
      case .rate:
        QualityScale(
          name: "rate", unit: "bits per pixel", range: 0.01...24, step: nil,
          direction: .higherIsBetter,
          recommendedSweep: [
            0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2,
          ])
      case .psnr:
        QualityScale(
          name: "PSNR", unit: "dB", range: 10...60, step: nil, direction: .higherIsBetter,
          recommendedSweep: [24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46])
      }
    }
  }

  init(_ parameters: CodecParameters) {
    mode = Mode(rawValue: parameters["mode"]) ?? .rate
    descriptor = CodecDescriptor(
      id: Self.id, displayName: "JPEG 2000", library: "OpenJPEG",
      libraryVersion: unsafe String(cString: opj_version()), parameters: parameters,
      qualityScale: mode.scale, fileExtension: "j2k")
  }

  /// Codes a picture as one tile in a raw codestream.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let value = try descriptor.validate(quality) ?? 0
    var parameters = unsafe encoderParameters(for: image, quality: value)
    let planes = try OpenJPEGImage(image)
    let codec = try OpenJPEGCodec(.encoder)
    return EncodedImage(bytes: try unsafe codec.encode(planes, &parameters))
  }

  /// Decodes a complete raw codestream with 8-bit grey or RGB components.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let header = try CodestreamHeader(checking: bytes)
    let codec = try OpenJPEGCodec(.decoder)
    let planes = try codec.decode(bytes)
    return try planes.image(header)
  }

  private func encoderParameters(for image: Image, quality: Double) -> opj_cparameters_t {
    var parameters = unsafe opj_cparameters_t()
    unsafe opj_set_default_encoder_parameters(&parameters)
    unsafe parameters.irreversible = 1
    unsafe parameters.tcp_mct = image.colorModel == .rgb ? 1 : 0
    // Each resolution halves the picture, and none may be smaller than one pixel.
    let halvings =
      (UInt32.bitWidth - 1) - UInt32(min(image.width, image.height)).leadingZeroBitCount
    unsafe parameters.numresolution = Int32(min(6, halvings + 1))
    unsafe parameters.tcp_numlayers = 1
    switch mode {
    case .rate:
      // OpenJPEG wants the ratio of 8-bit samples to bytes; a ratio of 1 or less means no limit.
      let ratio = Double(8 * image.channelCount) / quality
      unsafe parameters.cp_disto_alloc = 1
      unsafe parameters.tcp_rates.0 = Float(ratio)
    case .psnr:
      unsafe parameters.cp_fixed_quality = 1
      unsafe parameters.tcp_distoratio.0 = Float(quality)
    }
    return unsafe parameters
  }
}

extension CodecError {
  /// A failure of this codec.
  init(_ kind: Kind, _ message: String) {
    self.init(codec: JPEG2000Codec.id, kind: kind, message: message)
  }
}
