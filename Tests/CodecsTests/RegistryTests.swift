import Codecs
import StrictJSON
import Testing

@Suite struct RegistryTests {
  private static let names = TestRegistry.conventional.providers.map(\.id).joined(separator: ", ")

  private func refusal(_ spec: String) -> CodecError? {
    #expect(throws: CodecError.self) { try TestRegistry.conventional.codec(spec: spec) }
  }

  @Test func `an unknown codec is answered with the list and the nearest name`() {
    let error = refusal("jpg")
    #expect(error?.kind == .unknownCodec)
    #expect(
      error?.message
        == "there is no codec jpg, there are \(Self.names); did you mean jpeg?")
  }

  @Test func `a codec unlike all others has no suggestion`() {
    #expect(refusal("vvc")?.message == "there is no codec vvc, there are \(Self.names)")
    #expect(refusal("")?.kind == .unknownCodec)
  }

  @Test func `an unknown parameter is answered with the parameters and the nearest name`() {
    let error = refusal("webp:metod=4")
    #expect(error?.kind == .invalidParameter && error?.codec == "webp")
    #expect(
      error?.message
        == "webp has no parameter metod, it has method, sharp_yuv; did you mean method?")
    #expect(refusal("raw:level=1")?.message == "raw has no parameters, so level means nothing")
  }

  @Test(arguments: [
    ("jpeg:subsampling=411", "jpeg takes subsampling=420|422|444, not subsampling=411"),
    ("webp:method=7", "webp takes method=0…6, not method=7"),
    ("webp:method=fast", "webp takes method=0…6, not method=fast"),
    ("jpeg:progressive=yes", "jpeg takes progressive=true|false, not progressive=yes"),
    ("jpeg2000:mode=", "jpeg2000 takes mode=rate|psnr, not mode="),
    ("jpeg:444", "jpeg:444 is not a codec spec: write jpeg:name=value, not :444"),
    ("jpeg:", "jpeg: is not a codec spec: write jpeg:name=value, not :"),
    ("webp:method=4:method=5", "webp:method=4:method=5 sets method twice"),
  ])
  func `a wrong value is answered with the right ones`(spec: String, message: String) {
    let error = refusal(spec)
    #expect(error?.kind == .invalidParameter && error?.message == message)
  }

  @Test func `parameters are named with their defaults, sorted, in one spelling`() throws {
    let registry = TestRegistry.conventional
    #expect(
      try registry.codec(spec: "webp").descriptor.parameters.canonical == "method=6;sharp_yuv=false"
    )
    #expect(
      try registry.codec(spec: "webp:sharp_yuv=true:method=04").descriptor.parameters.canonical
        == "method=4;sharp_yuv=true")
    #expect(try registry.codec(spec: "jpeg2000").descriptor.parameters.canonical == "mode=rate")
    #expect(try registry.codec(spec: "raw").descriptor.parameters.canonical.isEmpty)
  }

  @Test func `files are recognised by their first bytes`() {
    let registry = TestRegistry.conventional
    #expect(registry.provider(recognizing: [0xFF, 0xD8, 0xFF, 0xE0])?.id == "jpeg")
    #expect(registry.provider(recognizing: [0xFF, 0x4F, 0xFF, 0x51])?.id == "jpeg2000")
    #expect(registry.provider(recognizing: Array("RIFF....WEBP".utf8))?.id == "webp")
    #expect(registry.provider(recognizing: Array("RIFF....WAVE".utf8)) == nil)
    #expect(registry.provider(recognizing: Array("P5\n".utf8))?.id == "raw")
    #expect(registry.provider(recognizing: Array("P6 ".utf8))?.id == "raw")
    #expect(registry.provider(recognizing: []) == nil)
  }

  @Test func `two codecs of one name are a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = CodecRegistry([RawCodec.provider, RawCodec.provider])
    }
  }
}

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("jpge", "jpeg"), ("jpeg2k", "jpeg"), ("JPEG2000", "jpeg2000"), ("jpeg200", "jpeg2000"),
    ("web", "webp"), ("wepb", "webp"),
  ])
  func `near misses are understood`(name: String, expected: String) {
    #expect(nearestName(to: name, in: ["jpeg", "jpeg2000", "webp"]) == expected)
  }

  @Test(arguments: ["", "x", "png", "avif", "q"])
  func `words that mean something else get no suggestion`(name: String) {
    #expect(nearestName(to: name, in: ["jpeg", "jpeg2000", "webp"]) == nil)
  }
}

@Suite struct QualityScaleTests {
  private let scale = QualityScale(
    name: "quality", unit: "", range: 0...1, step: 0.1, direction: .higherIsBetter,
    recommendedSweep: [])

  @Test(arguments: [0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1.0])
  func `values that are written on a step are on it`(value: Double) {
    #expect(scale.contains(value))
  }

  @Test(arguments: [-0.1, 0.05, 0.301, 1.1, .nan, .infinity])
  func `values between the steps and outside are not`(value: Double) {
    #expect(!scale.contains(value))
  }
}
