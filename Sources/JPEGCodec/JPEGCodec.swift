import CLibJPEGShims
import Codecs
import Imaging

/// JPEG through libjpeg-turbo, or whichever libjpeg there is: integer DCT, optimised Huffman tables, 4:2:0 unless told otherwise.
///
/// The library converts colour itself (JFIF YCbCr, full range) and interpolates chroma when it
/// decodes ("fancy upsampling"). A grey picture is coded with one component.
public struct JPEGCodec: Codec {
  /// Makes the codec from a spec such as `jpeg:subsampling=444`.
  public static let provider = CodecProvider(
    id: id,
    summary: "baseline JPEG with optimised Huffman tables",
    parameters: parameters,
    recognizes: { $0.starts(with: [0xFF, 0xD8, 0xFF]) },
    make: { parameters throws(CodecError) in JPEGCodec(parameters) })

  static let id = "jpeg"

  /// The largest width and height that libjpeg takes, `JPEG_MAX_DIMENSION`.
  private static let maximumDimension = 65_500

  private static let parameters: [CodecParameter] = {
    var parameters = [
      CodecParameter(
        "subsampling", .choice(["420", "422", "444"]), default: "420",
        help: "chroma resolution: 420 halves it both ways, 422 horizontally, 444 keeps it"),
      CodecParameter.flag(
        "progressive", default: false, help: "code in scans from coarse to fine"),
    ]
    if CLibJPEGShims_hasArithmeticCoding() {
      parameters.append(
        CodecParameter.flag(
          "arithmetic", default: false, help: "arithmetic instead of Huffman coding"))
    }
    return parameters
  }()

  /// Identity, library version, parameters and quality scale.
  public let descriptor: CodecDescriptor

  init(_ parameters: CodecParameters) {
    descriptor = CodecDescriptor(
      id: Self.id, displayName: "JPEG", library: Self.library,
      libraryVersion: Self.libraryVersion, parameters: parameters,
      qualityScale: QualityScale(
        name: "quality", unit: "", range: 1...100, step: 1, direction: .higherIsBetter,
        recommendedSweep: [5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95]),
      fileExtension: "jpg",
      capabilities: CodecCapabilities(maximumSize: Self.maximumDimension))
  }

  /// Codes a picture of at most 65,500 pixels each way as a JFIF file.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let value = try descriptor.validate(quality)
    try descriptor.checkCanCode(image)
    var bytes: [UInt8] = []
    let options = options(quality: Int(value ?? 0))
    let status = unsafe withUnsafeMutablePointer(to: &bytes) { bytes in
      unsafe CLibJPEGShims_encode(
        image.samples, UInt32(image.width), UInt32(image.height), UInt32(image.channelCount),
        options, bytes, appendToByteArray)
    }
    try check(status, .encodingFailed, "libjpeg refused")
    return EncodedImage(bytes: bytes)
  }

  /// Decodes a complete grey or three-component JPEG file; a warning of libjpeg counts as an error.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    var header = CLibJPEGShims_Header()
    let headerStatus = unsafe CLibJPEGShims_readHeader(bytes, bytes.count, &header)
    try check(headerStatus, .corruptData, "the JPEG data are damaged")
    let width = Int(header.width)
    let height = Int(header.height)
    guard let colorModel = Image.ColorModel(rawValue: Int(header.component_count)) else {
      throw CodecError(
        codec: Self.id, kind: .corruptData,
        message: "the JPEG data have \(header.component_count) components instead of 1 or 3")
    }
    try Self.checkLimits(width: width, height: height)
    let stride = width * colorModel.channelCount
    let count = stride * height
    var status = CLibJPEGShims_Status()
    // Memory that is not touched before the library fills it costs a hostile header nothing.
    let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      status = unsafe CLibJPEGShims_decode(bytes, bytes.count, buffer.baseAddress, stride)
      initializedCount = status.failed ? 0 : count
    }
    try check(status, .corruptData, "the JPEG data are damaged")
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }

  private func options(quality: Int) -> CLibJPEGShims_Options {
    let parameters = descriptor.parameters
    let subsampling = parameters["subsampling"]
    return CLibJPEGShims_Options(
      quality: Int32(quality),
      horizontal_subsampling: subsampling == "444" ? 1 : 2,
      vertical_subsampling: subsampling == "420" ? 2 : 1,
      progressive: parameters.isOn("progressive"),
      arithmetic: CLibJPEGShims_hasArithmeticCoding() && parameters.isOn("arithmetic"))
  }

  private static func checkLimits(width: Int, height: Int) throws(CodecError) {
    do {
      try ImageLimits.check(width: width, height: height)
    } catch {
      throw CodecError(codec: id, decoding: error)
    }
  }

  private func check(
    _ status: CLibJPEGShims_Status, _ kind: CodecError.Kind, _ sentence: String
  ) throws(CodecError) {
    guard status.failed else { return }
    let text = unsafe withUnsafeBytes(of: status.message) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    throw CodecError(
      codec: Self.id, kind: kind, libraryCode: Int(status.code), message: "\(sentence): \(text)")
  }

  /// What the library that is loaded calls itself: libjpeg-turbo, mozjpeg, or plain libjpeg.
  private static let library = unsafe text(CLibJPEGShims_copyName)
  private static let libraryVersion = unsafe text(CLibJPEGShims_copyVersion)

  /// The text that a C function writes.
  private static func text(_ copy: (UnsafeMutablePointer<CChar>?, Int) -> Void) -> String {
    var text = [UInt8](repeating: 0, count: 64)
    unsafe text.withUnsafeMutableBytes { buffer in
      unsafe copy(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
    }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// Appends to the `[UInt8]` that `context` points to; has the type of a C sink.
private func appendToByteArray(
  context: UnsafeMutableRawPointer?, bytes: UnsafePointer<UInt8>?, count: Int
) {
  guard let array = unsafe context?.assumingMemoryBound(to: [UInt8].self) else { return }
  unsafe array.pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
}
