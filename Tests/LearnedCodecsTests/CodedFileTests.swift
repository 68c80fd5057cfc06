import Codecs
import Files
import LearnedCodecs
import Testing

/// Files of kinds that no codec of rdbench has.
@Suite struct CodedFileTests {
  private static let kinds = [
    FileKind(
      byte: 0x41, codecID: "first",
      sections: [
        .init(.payload), .init(EncodedImage.Section.Name(rawValue: "hyper_latent")!),
        .init(.codes),
      ], coders: ["range", "raw"]),
    FileKind(
      byte: 0x42, codecID: "second",
      sections: [.init(.importanceMap, isAlwaysEmpty: true), .init(.codes)], coders: ["raw"]),
  ]

  private let file = CodedFile(
    kind: kinds[0], isGray: false, coder: 1, modelIdentifier: [1, 2, 3, 4],
    knob: RateKnob(byte: 77), width: 768, height: 5, sections: [[9, 8, 7], [], [6, 5]])

  private static func read(_ bytes: [UInt8]) throws(CodecError) -> CodedFile {
    try CodedFile(bytes, kinds: kinds, maximumPixelCount: 1 << 20)
  }

  @Test func checksumIsThatOfIEEE8023() {
    #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
  }

  @Test func layoutIsThatOfTheArticle() {
    let expected =
      "c741" + "21" + "01020304" + "4d" + "8006" + "05" + "03" + "00" + "02"
      + "090807" + "" + "0605"
    #expect(hexadecimal(file.bytes.dropLast(4)) == expected)
    let checksum = crc32(file.bytes.dropLast(4))
    #expect(file.bytes.suffix(4) == (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) })
  }

  @Test func readsWhatItWrites() throws {
    #expect(try Self.read(file.bytes) == file)
    let gray = CodedFile(
      kind: Self.kinds[1], isGray: true, coder: 0, modelIdentifier: [0, 0, 0, 255],
      knob: RateKnob(byte: 0), width: 1, height: 1, sections: [[], [1]])
    #expect(try Self.read(gray.bytes) == gray)
    #expect(gray[.codes] == [1] && gray[.importanceMap] == [])
    let image = file.encodedImage
    #expect(image.sections.map(\.name.rawValue) == ["header", "payload", "hyper_latent", "codes"])
    #expect(image.sections.map(\.byteCount) == [18, 3, 0, 2])
  }

  /// The file with a valid checksum again after a change.
  private func resealed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var bytes = Array(file.bytes.dropLast(4))
    change(&bytes)
    let checksum = crc32(bytes)
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
  }

  private func expectFailure(
    _ bytes: [UInt8], _ kind: CodecError.Kind, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      try Self.read(bytes)
    } throws: { error in
      let error = error as? CodecError
      return error?.kind == kind && error?.message.contains(reason) == true
    }
  }

  @Test func refusesEachFieldThatIsWrong() {
    expectFailure([], .corruptData, "do not begin as a file of first or second")
    expectFailure(resealed { $0[0] = 0 }, .corruptData, "do not begin")
    expectFailure(resealed { $0[1] = 0 }, .corruptData, "do not begin")
    expectFailure(resealed { $0[2] = 0x41 }, .corruptData, "version is 2")
    expectFailure(resealed { $0[2] = 0x22 }, .corruptData, "no coder 2")
    expectFailure(resealed { $0[8...9] = [0x00] }, .corruptData, "empty")
    expectFailure(resealed { $0[8...9] = [0x80, 0x00] }, .corruptData, "longer than it need")
    expectFailure(
      resealed { $0[8...9] = [0x80, 0x80, 0x80, 0x80, 1] }, .corruptData, "more than four bytes")
    expectFailure(
      resealed { $0[8...9] = [0x80, 0x80, 0x80, 0x01] }, .limitExceeded, "2097152×5")
    expectFailure(resealed { $0[11] = 4 }, .corruptData, "other than its sections need")
    expectFailure(resealed { $0.append(0) }, .corruptData, "other than its sections need")
    var damaged = file.bytes
    damaged[15] ^= 1
    expectFailure(damaged, .corruptData, "checksum")
    let surplus = CodedFile(
      kind: Self.kinds[1], isGray: false, coder: 0, modelIdentifier: [1, 2, 3, 4],
      knob: RateKnob(byte: 1), width: 1, height: 1, sections: [[1], []])
    expectFailure(surplus.bytes, .corruptData, "section importance_map where none belongs")
  }

  @Test func everyTruncationAndBitFlipIsNoticed() {
    let bytes = file.bytes
    for length in 0..<bytes.count {
      #expect(throws: CodecError.self) { try Self.read(Array(bytes.prefix(length))) }
    }
    for index in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << UInt8(bit)
        #expect(throws: CodecError.self) { try Self.read(flipped) }
      }
    }
  }

  @Test func oneCodecOfAFamilyRefusesTheFilesOfTheOthers() {
    for (bytes, reason) in [(file.bytes, "is one of first"), ([0xFF], "do not begin")] {
      let error = #expect(throws: CodecError.self) {
        try CodedFile(bytes, kind: Self.kinds[1], of: Self.kinds, maximumPixelCount: 1 << 20)
      }
      #expect(error?.codec == "second" && error?.kind == .corruptData)
      #expect(error?.message.contains(reason) == true)
    }
  }

  @Test func inspectionNamesEveryField() throws {
    let inspection = try CodedFileInspection(file.bytes, kinds: Self.kinds)
    #expect(inspection.codec == "first" && inspection.formatVersion == 1)
    #expect(inspection.model == "01020304")
    #expect(inspection.entropyCoder == "raw")
    #expect((inspection.width, inspection.height, inspection.rateByte) == (768, 5, 77))
    #expect(!inspection.isGray)
    #expect(inspection.sections == file.encodedImage.sections)
  }
}
