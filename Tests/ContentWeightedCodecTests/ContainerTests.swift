import Codecs
import Testing

@testable import ContentWeightedCodec

@Suite struct ContainerTests {
  private let container = Container(
    kind: .withImportanceMap, isGray: false, coder: .cabac, modelIdentifier: [1, 2, 3, 4],
    rate: RatePoint(byte: 77), width: 768, height: 5, importanceSection: [9, 8, 7],
    codesSection: [6, 5])

  @Test func checksumIsThatOfIEEE8023() {
    #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
  }

  /// The format's golden bytes, as the bitstream article lists them.
  @Test func goldenBytes() {
    #expect(
      hexadecimal(container.bytes) == "c757" + "21" + "01020304" + "4d" + "8006" + "05" + "03"
        + "02"
        + "090807" + "0605" + "91ef80f0")
  }

  @Test func readsWhatItWrites() throws {
    #expect(try Container(container.bytes, maximumPixelCount: 1 << 20) == container)
    var gray = container
    gray.isGray = true
    gray.kind = .withoutImportanceMap
    gray.importanceSection = []
    gray.coder = .none
    #expect(try Container(gray.bytes, maximumPixelCount: 1 << 20) == gray)
    let image = container.encodedImage
    #expect(image.sections[.importanceMap] == 3)
    #expect(image.sections[.codes] == 2)
  }

  /// The longest fields that a picture of 2²⁷ pixels can have.
  @Test(arguments: [(1 << 27, 1), (1 << 14, 1 << 13), (1 << 21, 1 << 6), (11_000, 12_000)])
  func overheadIsAtMost24Bytes(width: Int, height: Int) {
    var large = container
    (large.width, large.height) = (width, height)
    let positions = ((width + 7) / 8) * ((height + 7) / 8)
    // A long, flat picture pads a row of eight; its levels and bits are still below these.
    large.importanceSection = [UInt8](repeating: 0, count: min(positions * 5 / 8, (1 << 21) - 1))
    large.codesSection = [UInt8](repeating: 0, count: 1 << 21)
    let overhead =
      large.bytes.count - large.importanceSection.count - large.codesSection.count
    #expect(overhead <= Container.maximumOverhead)
  }

  /// The file with a valid checksum again after a change.
  private func resealed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var bytes = Array(container.bytes.dropLast(4))
    change(&bytes)
    let checksum = crc32(bytes)
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }
  }

  private func expectFailure(
    _ bytes: [UInt8], _ kind: CodecError.Kind, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      try Container(bytes, maximumPixelCount: 1 << 20)
    } throws: { error in
      let error = error as? CodecError
      return error?.kind == kind && error?.message.contains(reason) == true
    }
  }

  @Test func refusesEachFieldThatIsWrong() {
    expectFailure([], .corruptData, "do not begin")
    expectFailure(resealed { $0[0] = 0 }, .corruptData, "do not begin")
    expectFailure(resealed { $0[1] = 0 }, .corruptData, "do not begin")
    expectFailure(resealed { $0[2] = 0x41 }, .corruptData, "version is 2")
    expectFailure(resealed { $0[2] = 0x2F }, .corruptData, "no coder 15")
    expectFailure(resealed { $0[8...9] = [0x00] }, .corruptData, "empty")
    expectFailure(resealed { $0[8...9] = [0x80, 0x00] }, .corruptData, "longer than it need")
    expectFailure(
      resealed { $0[8...9] = [0x80, 0x80, 0x80, 0x80, 1] }, .corruptData, "more than four bytes")
    expectFailure(
      resealed { $0[8...9] = [0x80, 0x80, 0x80, 0x01] }, .limitExceeded, "2097152×5")
    expectFailure(resealed { $0[11] = 4 }, .corruptData, "other than its sections need")
    expectFailure(resealed { $0.append(0) }, .corruptData, "other than its sections need")
    expectFailure(resealed { $0[1] = 0x4E }, .corruptData, "where none belongs")
    var damaged = container.bytes
    damaged[14] ^= 1
    expectFailure(damaged, .corruptData, "checksum")
  }

  @Test func everyTruncationAndBitFlipIsNoticed() {
    let bytes = container.bytes
    for length in 0..<bytes.count {
      #expect(throws: CodecError.self) {
        try Container(Array(bytes.prefix(length)), maximumPixelCount: 1 << 20)
      }
    }
    for index in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << UInt8(bit)
        #expect(throws: CodecError.self) {
          try Container(flipped, maximumPixelCount: 1 << 20)
        }
      }
    }
  }

  @Test func inspectionNamesEveryField() throws {
    let inspection = try ContainerInspection(container.bytes)
    #expect(inspection.codec == "cw")
    #expect(inspection.model == "01020304")
    #expect(inspection.entropyCoder == "cabac")
    #expect((inspection.width, inspection.height, inspection.rateByte) == (768, 5, 77))
    #expect(
      inspection.headerByteCount + inspection.importanceMapByteCount + inspection.codesByteCount
        == container.bytes.count)
    #expect(ContainerInspection.recognizes(container.bytes))
    #expect(!ContainerInspection.recognizes([0xFF, 0xD8]))
  }
}
