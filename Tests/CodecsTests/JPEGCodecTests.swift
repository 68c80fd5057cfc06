import TestSupport
import Codecs
import Imaging
import JPEGCodec
import Testing

@Suite struct JPEGCodecTests {
  private let image = TestPicture.discs(width: 64, height: 48)

  private func segments(
    _ overrides: [String: String] = [:], image: Image? = nil
  ) throws -> [(marker: UInt8, payload: [UInt8])] {
    let codec = try JPEGCodec.provider.codec(overrides)
    return jpegSegments(try codec.encode(image ?? self.image, at: .value(50)).bytes)
  }

  @Test(arguments: [("420", 0x22), ("422", 0x21), ("444", 0x11)] as [(String, UInt8)])
  func `subsampling is as asked and the same at every quality`(
    name: String, luma: UInt8
  ) throws {
    let codec = try JPEGCodec.provider.codec(["subsampling": name])
    for quality in [1.0, 50, 90, 91, 100] {
      let bytes = try codec.encode(image, at: .value(quality)).bytes
      let frame = try #require(jpegSegments(bytes).first { $0.marker == 0xC0 }).payload
      // Precision, height, width, component count, then id, sampling factors and table of each.
      #expect(frame[5] == 3)
      #expect([frame[7], frame[10], frame[13]] == [luma, 0x11, 0x11])
    }
  }

  @Test func `Huffman tables are those of the picture, not the standard ones`() throws {
    let tables = try segments().filter { $0.marker == 0xC4 }.flatMap(\.payload)
    // The standard luma DC table (ISO/IEC 10918-1, table K.3): its counts of code lengths.
    let standard: [UInt8] = [0x00, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    #expect(!tables.isEmpty && !tables.starts(with: standard))
    // The four standard tables take 416 bytes.
    #expect(tables.count < 300)
  }

  @Test func `a grey picture is coded with one component and comes back grey`() throws {
    let gray = TestPicture.discs(width: 33, height: 21, colorModel: .gray)
    let frame = try #require(try segments(image: gray).first { $0.marker == 0xC0 }).payload
    #expect(frame[5] == 1)
    let codec = try JPEGCodec.provider.codec()
    #expect(try codec.decode(codec.encode(gray, at: .value(90)).bytes).colorModel == .gray)
  }

  @Test func `progressive coding has several scans and the same picture`() throws {
    #expect(try segments(["progressive": "true"]).contains { $0.marker == 0xC2 })
    #expect(try segments(["progressive": "true"]).count { $0.marker == 0xDA } > 1)
    let baseline = try JPEGCodec.provider.codec()
    let progressive = try JPEGCodec.provider.codec(["progressive": "true"])
    #expect(
      try baseline.decode(baseline.encode(image, at: .value(60)).bytes)
        == progressive.decode(progressive.encode(image, at: .value(60)).bytes))
  }

  @Test(
    .enabled(if: TestRegistry.hasArithmeticCoding, "this libjpeg has no arithmetic coding"),
    arguments: [("false", 0xC9), ("true", 0xCA)] as [(String, UInt8)])
  func `arithmetic coding says so and has the same picture`(
    progressive: String, marker: UInt8
  ) throws {
    let overrides = ["arithmetic": "true", "progressive": progressive]
    #expect(try segments(overrides).contains { $0.marker == marker })
    let huffman = try JPEGCodec.provider.codec()
    let arithmetic = try JPEGCodec.provider.codec(overrides)
    let encoded = try arithmetic.encode(image, at: .value(60))
    #expect(
      try arithmetic.decode(encoded.bytes)
        == huffman.decode(huffman.encode(image, at: .value(60)).bytes))
  }

  @Test func `quantisation tables stay baseline at the lowest quality`() throws {
    let codec = try JPEGCodec.provider.codec()
    let bytes = try codec.encode(image, at: .value(1)).bytes
    let tables = jpegSegments(bytes).filter { $0.marker == 0xDB }
    // The high half of a table's first byte is 1 where entries have 16 bits.
    #expect(!tables.isEmpty && tables.allSatisfy { $0.payload[0] < 16 })
  }

  @Test func `the version is that of the library and looks like one`() throws {
    let descriptor = try JPEGCodec.provider.codec().descriptor
    #expect(descriptor.library == "libjpeg-turbo")
    #expect(descriptor.libraryVersion.wholeMatch(of: /\d+(\.\d+)*.*/) != nil)
  }

  @Test func `a picture beyond 65,500 pixels is refused with a sentence`() throws {
    let wide = TestPicture.constant(9, width: 65_501, height: 1, colorModel: .gray)
    let codec = try JPEGCodec.provider.codec()
    let error = #expect(throws: CodecError.self) { try codec.encode(wide, at: .value(50)) }
    #expect(error?.kind == .unsupportedImage)
    #expect(
      error?.message
        == "JPEG holds at most 65500 pixels each way and the picture has 65501×1")
    let widest = TestPicture.constant(9, width: 65_500, height: 1, colorModel: .gray)
    #expect(try codec.decode(codec.encode(widest, at: .value(50)).bytes).width == 65_500)
  }

  @Test func `a file of ten thousand empty scans is refused`() throws {
    let codec = try JPEGCodec.provider.codec(["progressive": "true"])
    let bytes = try codec.encode(image, at: .value(50)).bytes
    let start = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let next = try #require(
      bytes.indices.first { $0 > start + 2 && bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4 })
    let scan = Array(bytes[start..<next])
    let bomb = bytes[..<next] + Array(repeatElement(scan, count: 10_000).joined()) + bytes[next...]
    #expect(throws: CodecError.self) { try codec.decode(Array(bomb)) }
  }
}

/// The marker segments of a JPEG file, scans without their entropy-coded data.
private func jpegSegments(_ bytes: [UInt8]) -> [(marker: UInt8, payload: [UInt8])] {
  var segments: [(marker: UInt8, payload: [UInt8])] = []
  var position = 2
  while position + 3 < bytes.count {
    guard bytes[position] == 0xFF, bytes[position + 1] >= 0xC0, bytes[position + 1] != 0xFF,
      !(0xD0...0xD9).contains(bytes[position + 1])
    else {
      position += 1
      continue
    }
    let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
    let end = min(bytes.count, position + 2 + length)
    segments.append((bytes[position + 1], Array(bytes[(position + 4)..<end])))
    position = end
  }
  return segments
}
