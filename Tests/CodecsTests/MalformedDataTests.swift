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
    let codec = try codec(id)
    let image = TestPicture.discs(width: 40, height: 32)
    let bytes = try codec.encode(image, at: codec.middleQuality).bytes
    let seed: UInt64 = 20_261_121
    var generator = SeededGenerator(seed: seed)
    // Bits of the size are left alone: they may ask for the most that ImageLimits allows, which
    // is right but slow. Hostile sizes have a test of their own.
    let positions = Array(Set(bytes.indices).subtracting(sizeFields(id, bytes))).sorted()
    for trial in 0..<400 {
      var damaged = bytes
      for _ in 0...(trial % 3) {
        damaged[positions.randomElement(using: &generator) ?? 0] ^=
          1
          << UInt8.random(
            in: 0..<8, using: &generator)
      }
      do {
        let decoded = try decode(damaged, with: codec)
        #expect(decoded.pixelCount <= ImageLimits.maximumPixelCount, "seed \(seed), trial \(trial)")
      } catch {
        #expect(
          [.corruptData, .limitExceeded].contains(error.kind), "seed \(seed), trial \(trial)")
      }
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
    let codec = try codec(id)
    let image = TestPicture.discs(width: 16, height: 16)
    var bytes = try codec.encode(image, at: codec.middleQuality).bytes
    switch id {
    case "raw":
      bytes = Array("P6\n100000 100000\n255\n".utf8)
    case "jpeg":
      let fields = sizeFields(id, bytes)
      bytes.replaceSubrange(fields, with: [0xFF, 0xDC, 0xFF, 0xDC])
    case "jpeg2000":
      // 100,000 × 100,000 in one tile of that size.
      for offset in [8, 12, 24, 28] {
        bytes.replaceSubrange(offset..<offset + 4, with: [0x00, 0x01, 0x86, 0xA0])
      }
    case "cw", "cw-no-importance":
      bytes = LearnedCodecs.hostileFile(id)
    case "avif", "heic":
      bytes.replaceSubrange(sizeFields(id, bytes), with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    case "jpegxl":
      bytes = jpegXLHeader(width: 100_000, height: 100_000)
    default:
      // WebP cannot declare more than 16,383 × 16,383, which is within the limit: the file is
      // refused as damaged, and the memory that would hold the picture is never touched.
      bytes.replaceSubrange(sizeFields(id, bytes), with: [0xFF, 0x3F, 0xFF, 0x3F])
    }
    expectRefusal(
      bytes, by: codec, kind: id == "webp" ? .corruptData : .limitExceeded, "a hostile size")
  }

  /// Where the bytes declare the size, or nothing where that cannot cost memory.
  private func sizeFields(_ id: String, _ bytes: [UInt8]) -> Range<Int> {
    switch id {
    case "jpeg":
      let frame = bytes.indices.dropLast().first {
        bytes[$0] == 0xFF && [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(bytes[$0 + 1])
      }
      return frame.map { $0 + 5..<$0 + 9 } ?? 0..<0
    case "jpeg2000": return 4..<51
    case "webp": return 26..<30
    case "avif", "heic":
      // The box ‘ispe’: its name, version and flags, width, height.
      let name = bytes.firstRange(of: Array("ispe".utf8))
      return name.map { $0.lowerBound + 8..<$0.lowerBound + 16 } ?? 0..<0
    case "jpegxl": return 2..<11
    default: return 0..<0
    }
  }

  /// A codestream's signature, SizeHeader and default metadata (ISO/IEC 18181-1, annex D).
  private func jpegXLHeader(width: Int, height: Int) -> [UInt8] {
    // Least significant bit first: not small, then each size as selector 3 and 30 bits, between
    // them no fixed ratio, at the end ‘all default’.
    var bits: [Int] = [0]
    func append(_ value: Int, _ count: Int) { bits += (0..<count).map { value >> $0 & 1 } }
    append(3, 2)
    append(height - 1, 30)
    append(0, 3)
    append(3, 2)
    append(width - 1, 30)
    append(1, 1)
    bits += Array(repeating: 0, count: 256 - bits.count)
    let payload = stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 | UInt8(bits[start + $1] << $1) }
    }
    return [0xFF, 0x0A] + payload
  }
}
