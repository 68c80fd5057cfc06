import Codecs
import Imaging

/// A codec around others, for tests of what holds for every such codec: it writes the spec of its base
/// and then the base's bytes, followed by those of a second codec if there is one.
public struct WrappingCodec: Codec {
  /// Makes the codec from a spec such as `wrapped:base=jpeg:base.subsampling=444`.
  public static let provider = CodecProvider(
    id: "wrapped", summary: "another codec's file in a wrapper",
    parameters: [
      CodecParameter("base", .codec(), default: "raw", help: "what codes the picture"),
      CodecParameter(
        "second", .codec(alternatives: ["none"]), default: "none",
        help: "what codes it once more, for nothing"),
    ],
    recognizes: { $0.starts(with: magic) },
    configuration: { bytes throws(CodecError) in
      let spec = try WrappingCodec.contents(of: bytes).spec
      var parameters = ["base": spec.id]
      for (name, value) in spec.parameters { parameters["base.\(name)"] = value }
      return parameters
    },
    makeWrapping: { parameters, codecs throws(CodecError) in
      try WrappingCodec(parameters, WrappedCodecs(codecs))
    })

  private static let magic = Array("WRAP".utf8)

  /// Identity, versions, parameters and the base's quality scale.
  public let descriptor: CodecDescriptor
  private let codecs: WrappedCodecs
  private let base: any Codec

  private init(_ parameters: CodecParameters, _ codecs: WrappedCodecs) throws(CodecError) {
    self.codecs = codecs
    base = codecs["base"]
    descriptor = try codecs.descriptor(
      wrapping: CodecDescriptor(
        id: "wrapped", displayName: "Wrapped", library: "tests", libraryVersion: "1",
        parameters: parameters, qualityScale: base.descriptor.qualityScale, fileExtension: "wrap",
        origin: .ownCode))
  }

  /// Codes a picture with the base.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    try timedEncode(image, at: quality).0
  }

  /// Decodes what the base wrote.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    try timedDecode(bytes).0
  }

  /// Codes a picture and says what that cost where the base does.
  public func timedEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration?) {
    var clock = WrapperClock()
    let inner = try clock.call { () throws(CodecError) in
      try base.timedEncode(image, at: quality)
    }
    let spec = Array(CodecSpec(base.descriptor).description.utf8)
    let header = Self.magic + [UInt8(spec.count)] + spec
    let encoded = EncodedImage(
      bytes: header + inner.bytes,
      sections: [.init(.header, header.count)] + codecs.sections(of: inner, as: "base"))
    return (encoded, clock.duration)
  }

  /// Decodes what the base wrote and says what that cost where the base does.
  public func timedDecode(_ bytes: [UInt8]) throws(CodecError) -> (Image, CallDuration?) {
    let contents = try Self.contents(of: bytes)
    var clock = WrapperClock()
    let image = try clock.call { () throws(CodecError) in try base.timedDecode(contents.bytes) }
    return (image, clock.duration)
  }

  /// What the base draws.
  public func sideInformation(in bytes: [UInt8]) throws(CodecError) -> [SideInformationPicture] {
    try codecs.sideInformation(of: "base", in: Self.contents(of: bytes).bytes)
  }

  private static func contents(
    of bytes: [UInt8]
  ) throws(CodecError) -> (spec: CodecSpec, bytes: [UInt8]) {
    guard bytes.starts(with: magic), bytes.count > magic.count,
      bytes.count >= magic.count + 1 + Int(bytes[magic.count])
    else {
      throw CodecError(codec: "wrapped", kind: .corruptData, message: "the wrapper is damaged")
    }
    let start = magic.count + 1
    let end = start + Int(bytes[magic.count])
    let spec = try CodecSpec(parsing: String(decoding: bytes[start..<end], as: UTF8.self))
    return (spec, Array(bytes[end...]))
  }
}
