import TestSupport
import Codecs
import HostileCodecs
import Imaging
import JPEGCodec
import Testing

/// What holds for every codec that holds others.
@Suite struct WrappedCodecTests {
  private let registry = CodecRegistry(
    TestRegistry.conventional.providers + [WrappingCodec.provider])
  private let image = TestPicture.discs(width: 40, height: 30)

  private func refusal(_ spec: String) -> CodecError? {
    #expect(throws: CodecError.self) { try registry.codec(spec: spec) }
  }

  @Test func `parameters of the parts stand flat, with their defaults`() throws {
    let codec = try registry.codec(spec: "wrapped:base=webp:base.method=04")
    #expect(
      codec.descriptor.parameters.canonical
        == "base=webp;base.method=4;base.sharp_yuv=false;second=none")
    let twice = try registry.codec(
      spec: "wrapped:base=wrapped:base.base=jpeg2000:base.base.mode=psnr:second=raw")
    #expect(
      twice.descriptor.parameters.canonical
        == "base=wrapped;base.base=jpeg2000;base.base.mode=psnr;base.second=none;second=raw")
    for codec in [codec, twice] {
      let again = try registry.codec(CodecSpec(codec.descriptor))
      #expect(again.descriptor == codec.descriptor)
    }
  }

  @Test(arguments: [
    (
      "wrapped:base=jpg",
      "there is no codec jpg, there are \(TestRegistry.conventional.providers.map(\.id).joined(separator: ", ")), wrapped; did you mean jpeg?"
    ),
    (
      "wrapped:base=webp:base.metod=3",
      "webp has no parameter metod, it has method, sharp_yuv; did you mean method?"
    ),
    ("wrapped:base=webp:base.method=9", "webp takes method=0…6, not method=9"),
    (
      "wrapped:second.method=3",
      "wrapped has no codec at second=none, so second.method means nothing"
    ),
    (
      "wrapped:sekond=raw",
      "wrapped has no parameter sekond, it has base, second; did you mean second?"
    ),
    ("wrapped:second.x.y=1:second=raw", "raw has no parameters, so x.y means nothing"),
  ])
  func `wrong parts are named`(spec: String, message: String) {
    #expect(refusal(spec)?.message == message)
  }

  @Test(arguments: ["raw", "jpeg:base.subsampling=444", "wrapped:base.base=webp"])
  func `the file alone says what decodes it`(base: String) throws {
    let codec = try registry.codec(spec: "wrapped:base=\(base)")
    let quality = codec.descriptor.qualityScale.map { Quality.value($0.recommendedSweep[3]) }
    let encoded = try codec.encode(image, at: quality ?? .fixed)
    let decoder = try #require(try registry.decoder(for: encoded.bytes))
    #expect(decoder.descriptor == codec.descriptor)
    #expect(try decoder.decode(encoded.bytes) == codec.decode(encoded.bytes))
    #expect(encoded.sections.map(\.byteCount).reduce(0, +) == encoded.bytes.count)
    #expect(encoded.sections[0].name == .header)
    #expect(encoded.sections.dropFirst().allSatisfy { $0.name.rawValue.hasPrefix("base.") })
  }

  @Test func `the whole says what its parts say`() throws {
    let jpeg = try registry.codec(spec: "jpeg").descriptor
    let webp = try registry.codec(spec: "webp").descriptor
    let codec = try registry.codec(spec: "wrapped:base=jpeg:second=webp").descriptor
    #expect(codec.version == "\(jpeg.version) + \(webp.version) + tests 1")
    #expect(codec.qualityScale == jpeg.qualityScale)
    #expect(codec.origin == .foreignLibrary && !codec.bytesDependOnBuild)
    #expect(codec.capabilities.maximumSize == webp.capabilities.maximumSize)
    #expect(codec.modelDigest == nil)
    let own = try registry.codec(spec: "wrapped").descriptor
    #expect(own.origin == .ownCode && own.bytesDependOnBuild)
  }

  @Test func `a default part that this build has not makes the codec unavailable`() {
    let alone = CodecRegistry([WrappingCodec.provider])
    func kind(_ spec: String) -> CodecError.Kind? {
      #expect(throws: CodecError.self) { try alone.codec(spec: spec) }?.kind
    }
    #expect(kind("wrapped") == .unavailable)
    #expect(kind("wrapped:base=raw") == .unknownCodec)
  }

  @Test func `digests of all parts are in the digest of the whole`() throws {
    func descriptor(base: String?, own: String?, adapter: Int = 1) throws -> CodecDescriptor {
      let parts = WrappedCodecs(["base": DescribedCodec(digest: base, adapterVersion: adapter)])
      return try parts.descriptor(
        wrapping: DescribedCodec(digest: own, adapterVersion: 1).descriptor)
    }
    let digests = try [
      descriptor(base: nil, own: nil), descriptor(base: "a", own: nil),
      descriptor(base: nil, own: "a"), descriptor(base: "b", own: nil),
      descriptor(base: "a", own: "b"), descriptor(base: "b", own: "a"),
      descriptor(base: "a", own: nil, adapter: 2), descriptor(base: nil, own: nil, adapter: 2),
    ].map(\.modelDigest)
    #expect(digests[0] == nil && Set(digests).count == digests.count)
  }

  @Test func `codecs without a common picture cannot be one`() {
    let grey = WrappedCodecs(["base": DescribedCodec(colorModels: [.gray])])
    #expect(throws: CodecError.self) {
      try grey.descriptor(wrapping: DescribedCodec(colorModels: [.rgb]).descriptor)
    }
  }

  @Test func `a part that times itself is counted by its own clock`() throws {
    let recipes = CodecRegistry([
      WrappingCodec.provider,
      try CodecRecipe(
        data: TestRecipe.data([
          "encode": TestRecipe.script(
            "sleep 0.3; cp \"$1\" \"$2\"; echo 12.5", seconds: ["file": "stdout.txt"])
        ]), fileName: "test.json", folder: nil
      ).provider,
    ])
    let codec = try recipes.codec(spec: "wrapped:base=recipe-copy")
    #expect(codec.descriptor.origin == .outsidePrograms)
    let (encoded, duration) = try codec.timedEncode(image, at: .fixed)
    // The program says 12.5 s, which stand in the place of the 0.3 s that it took.
    let seconds = try #require(duration).wallSeconds
    #expect(seconds >= 12.5 && seconds < 12.7)
    #expect(try #require(duration).processorSeconds < 0.25)
    #expect(try codec.decode(encoded.bytes) == image)
    #expect(try registry.codec(spec: "wrapped").timedEncode(image, at: .fixed).1 == nil)
  }
}

/// A codec that only describes itself.
private struct DescribedCodec: Codec {
  var digest: String?
  var adapterVersion = 1
  var colorModels: Set<Image.ColorModel> = [.gray, .rgb]

  var descriptor: CodecDescriptor {
    CodecDescriptor(
      id: "described", displayName: "Described", library: "tests", libraryVersion: "1",
      parameters: .none, qualityScale: nil, fileExtension: "none", modelDigest: digest,
      adapterVersion: adapterVersion, capabilities: CodecCapabilities(colorModels: colorModels))
  }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    throw CodecError(codec: "described", kind: .encodingFailed, message: "it only describes itself")
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    throw CodecError(codec: "described", kind: .corruptData, message: "it only describes itself")
  }
}
