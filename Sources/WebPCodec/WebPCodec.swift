import CLibWebP
import Codecs
import Imaging

/// Lossy WebP through libwebp at its highest effort, method 6, unless told otherwise.
///
/// WebP always stores 4:2:0 YCbCr of limited range, which bounds the quality it can reach (about
/// 43 dB on photographs), and has no grey mode: a grey picture is coded as RGB and comes back as
/// RGB. The library converts colour itself both ways.
public struct WebPCodec: Codec {
  /// Makes the codec from a spec such as `webp:method=4`.
  public static let provider = CodecProvider(
    id: id,
    summary: "lossy WebP",
    parameters: [
      CodecParameter(
        "method", .integer(0...6), default: "6", help: "effort of the encoder, 6 is the slowest"),
      CodecParameter.flag(
        "sharp_yuv", default: false, help: "slower conversion to YCbCr with sharper edges"),
    ],
    recognizes: { RIFFHeader($0) != nil },
    make: { parameters throws(CodecError) in WebPCodec(parameters) })

  private static let id = "webp"

  /// Identity, library version, parameters and quality scale.
  public let descriptor: CodecDescriptor

  init(_ parameters: CodecParameters) {
    descriptor = CodecDescriptor(
      id: Self.id, displayName: "WebP", library: "libwebp",
      libraryVersion: Self.versionText(WebPGetEncoderVersion()), parameters: parameters,
      qualityScale: QualityScale(
        name: "quality", unit: "", range: 0...100, step: 1, direction: .higherIsBetter,
        recommendedSweep: [0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95]),
      fileExtension: "webp",
      capabilities: CodecCapabilities(maximumSize: Int(WEBP_MAX_DIMENSION)))
  }

  /// Codes a picture of at most 16,383 pixels each way as a lossy WebP file.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let value = try descriptor.validate(quality) ?? 0
    try descriptor.checkCanCode(image)
    var config = try configuration(quality: Float(value))
    return EncodedImage(bytes: try Self.encode(image.asRGB(), &config))
  }

  /// libwebp's settings: its defaults but for quality, method and sharp YUV, on one thread.
  func configuration(quality: Float) throws(CodecError) -> WebPConfig {
    var config = WebPConfig()
    guard unsafe WebPConfigInit(&config) != 0 else {
      throw CodecError(
        codec: Self.id, kind: .unavailable,
        message: "libwebp has another interface than the one rdbench was built with: build it again"
      )
    }
    config.quality = quality
    config.method = Int32(descriptor.parameters["method"]) ?? 6
    config.use_sharp_yuv = descriptor.parameters.isOn("sharp_yuv") ? 1 : 0
    config.thread_level = 0
    return config
  }

  private static func encode(
    _ image: Image, _ config: inout WebPConfig
  ) throws(CodecError) -> [UInt8] {
    var writer = unsafe WebPMemoryWriter()
    unsafe WebPMemoryWriterInit(&writer)
    defer { unsafe WebPMemoryWriterClear(&writer) }
    var picture = unsafe WebPPicture()
    guard unsafe WebPPictureInit(&picture) != 0 else {
      throw CodecError(codec: id, kind: .unavailable, message: "libwebp has another interface")
    }
    defer { unsafe WebPPictureFree(&picture) }
    unsafe picture.width = Int32(image.width)
    unsafe picture.height = Int32(image.height)
    // Sharp YUV needs the RGB samples during encoding; otherwise they are converted at once.
    unsafe picture.use_argb = config.use_sharp_yuv
    unsafe picture.writer = WebPMemoryWrite
    let isDone = unsafe withUnsafeMutablePointer(to: &writer) { writer in
      unsafe picture.custom_ptr = UnsafeMutableRawPointer(writer)
      return unsafe WebPPictureImportRGB(&picture, image.samples, Int32(3 * image.width)) != 0
        && WebPEncode(&config, &picture) != 0
    }
    guard isDone else {
      throw encodingFailure(code: unsafe Int(picture.error_code.rawValue))
    }
    return unsafe Array(UnsafeBufferPointer(start: writer.mem, count: writer.size))
  }

  /// Decodes a complete opaque still picture, always to RGB.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let bytes = bytes
    let (width, height) = try Self.checkedSize(bytes)
    let stride = 3 * width
    let count = stride * height
    var config = unsafe WebPDecoderConfig()
    guard unsafe WebPInitDecoderConfig(&config) != 0 else {
      throw CodecError(codec: Self.id, kind: .unavailable, message: "libwebp has another interface")
    }
    var status = VP8_STATUS_OK
    // Memory that is not touched before the library fills it costs a hostile header nothing.
    let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      unsafe config.output.colorspace = MODE_RGB
      unsafe config.output.is_external_memory = 1
      unsafe config.output.u.RGBA = WebPRGBABuffer(
        rgba: buffer.baseAddress, stride: Int32(stride), size: count)
      status = unsafe WebPDecode(bytes, bytes.count, &config)
      initializedCount = status == VP8_STATUS_OK ? count : 0
    }
    try Self.check(status)
    return Image(width: width, height: height, colorModel: .rgb, samples: samples)
  }

  /// Reads the size from the header and checks that the bytes are complete.
  private static func checkedSize(
    _ bytes: [UInt8]
  ) throws(CodecError) -> (width: Int, height: Int) {
    guard let riff = RIFFHeader(bytes) else {
      throw corrupt("they do not begin as a WebP file does")
    }
    // libwebp fills up what is missing at the end of the last partition without a word.
    guard riff.fileSize == bytes.count else {
      throw corrupt("they declare \(riff.fileSize) bytes and are \(bytes.count)")
    }
    var features = WebPBitstreamFeatures()
    try check(unsafe WebPGetFeatures(bytes, bytes.count, &features))
    guard features.has_alpha == 0, features.has_animation == 0 else {
      throw corrupt("they have transparency or animation")
    }
    do {
      try ImageLimits.check(width: Int(features.width), height: Int(features.height))
    } catch {
      throw CodecError(codec: id, decoding: error)
    }
    return (Int(features.width), Int(features.height))
  }

  /// The error for a `WebPEncodingError`.
  private static func encodingFailure(code: Int) -> CodecError {
    // In the order of the enumeration in webp/encode.h.
    let reasons = [
      "no error", "out of memory", "out of memory for the bits", "a null parameter",
      "an invalid configuration", "a size it does not take", "partition 0 is larger than 512 kB",
      "a partition is larger than 16 MB", "the bytes could not be stored",
      "the file is larger than 4 GB", "aborted",
    ]
    let reason = reasons.indices.contains(code) ? reasons[code] : "code \(code)"
    return CodecError(
      codec: id, kind: .encodingFailed, libraryCode: code, message: "libwebp refused: \(reason)")
  }

  private static func check(_ status: VP8StatusCode) throws(CodecError) {
    guard status != VP8_STATUS_OK else { return }
    // In the order of the enumeration in webp/decode.h.
    let reasons = [
      "no error", "out of memory", "an invalid parameter", "the bitstream is broken",
      "an unsupported feature", "data are missing", "aborted", "not enough data",
    ]
    let code = Int(status.rawValue)
    throw corrupt(reasons.indices.contains(code) ? reasons[code] : "code \(code)", code: code)
  }

  private static func corrupt(_ reason: String, code: Int? = nil) -> CodecError {
    CodecError(
      codec: id, kind: .corruptData, libraryCode: code,
      message: "the WebP data are damaged: \(reason)")
  }

  /// The text of a version such as 0x010204.
  private static func versionText(_ version: Int32) -> String {
    "\(version >> 16 & 0xFF).\(version >> 8 & 0xFF).\(version & 0xFF)"
  }
}

/// The first twelve bytes of a WebP file: `RIFF`, a size, `WEBP`.
struct RIFFHeader {
  /// The number of bytes of the whole file, this header included.
  let fileSize: Int

  /// Reads the header, or gives `nil` for bytes of another kind.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12, bytes.starts(with: "RIFF".utf8),
      bytes[8..<12].elementsEqual("WEBP".utf8)
    else { return nil }
    fileSize = 8 + bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
