import Codecs
import Imaging
import TestSupport
import Testing

/// What decoders do with bytes that are not as an encoder wrote them.
@Suite struct MalformedDataTests {
  private func codec(_ spec: String) throws -> any Codec {
    try TestRegistry.registry.codec(spec: spec)
  }

  private func decode(_ bytes: [UInt8], with codec: any Codec) throws(CodecError) -> Image {
    try codec.decode(bytes)
  }

  /// Checks that decoding fails with an error of the codec itself.
  private func expectRefusal(
    _ bytes: [UInt8], by codec: any Codec, kind: CodecError.Kind = .corruptData,
    _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: CodecError.self, comment, sourceLocation: sourceLocation) {
      try decode(bytes, with: codec)
    }
    #expect(error?.kind == kind, comment, sourceLocation: sourceLocation)
    #expect(error?.codec == codec.descriptor.id, sourceLocation: sourceLocation)
  }

  @Test(arguments: TestRegistry.specs, Image.ColorModel.allCases)
  func `every truncation is refused`(spec: String, colorModel: Image.ColorModel) throws {
    let codec = try codec(spec)
    let image = TestPicture.discs(width: 24, height: 20, colorModel: colorModel)
    let bytes = try codec.encode(image, at: codec.middleQuality).bytes
    for count in 0..<bytes.count {
      expectRefusal(Array(bytes.prefix(count)), by: codec, "\(count) of \(bytes.count) bytes")
    }
  }

  @Test(arguments: TestRegistry.ids)
  func `a flipped bit gives a picture or an error`(id: String) throws {
    let subject = try TestRegistry.subject(id)
    let codec = try codec(id)
    let image = TestPicture.discs(width: 40, height: 32)
    let bytes = try codec.encode(image, at: codec.middleQuality).bytes
    let seed: UInt64 = 20_261_121
    var generator = SeededGenerator(seed: seed)
    // Hostile sizes have a test of their own.
    let positions = Array(Set(bytes.indices).subtracting(subject.protectedFields(bytes))).sorted()
    for trial in 0..<400 {
      var damaged = bytes
      for _ in 0...(trial % 3) {
        let position = try #require(positions.randomElement(using: &generator))
        damaged[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      // Half of the trials come past the checksum, to what reads the file behind it.
      if trial % 2 == 0 { subject.repairChecksum?(&damaged) }
      let start = ContinuousClock.now
      do {
        let decoded = try decode(damaged, with: codec)
        // The declared size was left as it is, and other fields make no picture much larger.
        #expect(decoded.pixelCount <= 64 * image.pixelCount, "seed \(seed), trial \(trial)")
      } catch {
        #expect(
          [.corruptData, .limitExceeded].contains(error.kind), "seed \(seed), trial \(trial)")
      }
      #expect(ContinuousClock.now - start < .seconds(20), "seed \(seed), trial \(trial)")
    }
  }

  @Test(arguments: TestRegistry.ids)
  func `bytes of another codec are refused`(id: String) throws {
    let codec = try codec(id)
    let image = TestPicture.discs(width: 16, height: 16)
    for otherID in TestRegistry.ids where otherID != id {
      let other = try self.codec(otherID)
      let bytes = try other.encode(image, at: other.middleQuality).bytes
      expectRefusal(bytes, by: codec, "bytes of \(otherID)")
    }
    expectRefusal([], by: codec, "no bytes")
    expectRefusal(Array("this is a text, not a picture".utf8), by: codec, "a text")
    expectRefusal([UInt8](repeating: 0xFF, count: 4_096), by: codec, "4096 bytes of 255")
  }

  @Test(arguments: TestRegistry.ids)
  func `a hostile size is refused before memory is taken`(id: String) throws {
    let subject = try TestRegistry.subject(id)
    let codec = try codec(id)
    let image = TestPicture.discs(width: 16, height: 16)
    let bytes = try codec.encode(image, at: codec.middleQuality).bytes
    let start = ContinuousClock.now
    expectRefusal(
      subject.hostileFile(bytes), by: codec, kind: subject.hostileKind, "a hostile size")
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
