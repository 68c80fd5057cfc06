import Testing

@testable import MeasurementStore
@testable import Codecs

@Suite struct MeasurementKeyTests {
  private static func descriptor(
    id: String = "jpeg", version: String = "3.1", parameters: [String: String] = ["a": "1"],
    model: String? = nil, adapter: Int = 1
  ) -> CodecDescriptor {
    CodecDescriptor(
      id: id, displayName: "", library: "lib", libraryVersion: version,
      parameters: CodecParameters(checked: parameters), qualityScale: nil, fileExtension: "",
      modelDigest: model, adapterVersion: adapter)
  }

  private static func key(
    pixels: String = "00ff", _ descriptor: CodecDescriptor = descriptor(),
    quality: Quality = .value(50), program: String? = nil
  ) -> String {
    MeasurementKey(
      pixelsDigest: pixels, descriptor: descriptor, quality: quality, program: program
    ).digest
  }

  @Test func `the encoding is as documented`() {
    var encoding = CanonicalEncoding()
    encoding.append("é")
    encoding.append(nil as String?)
    encoding.append("" as String?)
    encoding.append([(name: "a", value: "1")])
    #expect(
      encoding.bytes == [
        0, 0, 0, 0, 0, 0, 0, 2, 0xC3, 0xA9,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 0, 0, 0, 0, 0, 1, 0x31,
      ])
  }

  /// The digest was computed in Python (`hashlib`) from the table in the documentation.
  ///
  /// Should it change, ``MeasurementKey/schemaVersion`` has to be raised.
  @Test func `a key never changes`() {
    #expect(Self.key() == "eb7398a027f8b63ca7bc7c6925a8bec34bb9dd7607b372a1e0461e4cbabe8dd2")
  }

  @Test func `whatever decides the bytes decides the key`() {
    let others = [
      Self.key(pixels: "00fe"),
      Self.key(Self.descriptor(id: "jpg")),
      Self.key(Self.descriptor(version: "3.2")),
      Self.key(Self.descriptor(parameters: ["a": "2"])),
      Self.key(Self.descriptor(parameters: ["b": "1"])),
      Self.key(Self.descriptor(parameters: [:])),
      Self.key(Self.descriptor(parameters: ["a": "1", "b": ""])),
      Self.key(Self.descriptor(parameters: ["a": "1;b="])),
      Self.key(Self.descriptor(model: "m")),
      Self.key(Self.descriptor(adapter: 2)),
      Self.key(Self.descriptor(model: "")),
      Self.key(quality: .value(50.5)),
      Self.key(quality: .fixed),
      Self.key(program: "p"),
      Self.key(Self.descriptor(model: "p"), program: nil),
      Self.key(),
    ]
    #expect(Set(others).count == others.count)
  }

  @Test func `texts that run into each other stay apart`() {
    var (first, second) = (CanonicalEncoding(), CanonicalEncoding())
    for text in ["ab", "c"] { first.append(text) }
    for text in ["a", "bc"] { second.append(text) }
    #expect(first.bytes != second.bytes)
  }

  @Test func `only codecs whose bytes depend on the build depend on the program`() {
    let library = MeasurementKey(
      pixelsDigest: "", descriptor: RowMeanCodec().descriptor, quality: .fixed)
    let own = MeasurementKey(
      pixelsDigest: "", descriptor: RowMeanCodec(isOwnCode: true).descriptor, quality: .fixed)
    #expect(library.digest != own.digest)
    #expect(own.configuration.program == ProgramIdentity.digest)
    #expect(ProgramIdentity.digest.count == 64)
  }
}
