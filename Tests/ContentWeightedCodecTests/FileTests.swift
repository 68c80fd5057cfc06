import Codecs
import Files
import LearnedCodecs
import Testing

@testable import ContentWeightedCodec

/// The files of both codecs; what they share with those of other codecs is tested in
/// LearnedCodecsTests.
@Suite struct FileTests {
  private let file = CodedFile(
    kind: ContentWeightedCodec.Variant.withImportanceMap.fileKind, isGray: false,
    coder: CoderID.cabac.rawValue, modelIdentifier: [1, 2, 3, 4], knob: RateKnob(byte: 77),
    width: 768, height: 5, sections: [[9, 8, 7], [6, 5]])

  /// The format's golden bytes, as the bitstream article lists them.
  @Test func goldenBytes() {
    #expect(
      hexadecimal(file.bytes) == "c757" + "21" + "01020304" + "4d" + "8006" + "05" + "03"
        + "02"
        + "090807" + "0605" + "91ef80f0")
  }

  @Test func sectionsAreImportanceMapAndCodes() throws {
    let image = file.encodedImage
    #expect(image.sections[.importanceMap] == 3)
    #expect(image.sections[.codes] == 2)
    let read = try CodedFile(
      file.bytes, kinds: ContentWeightedCodec.fileKinds, maximumPixelCount: 1 << 20)
    #expect(read == file)
    #expect(read.coderID == .cabac)
  }

  /// The longest fields that a picture of 2²⁷ pixels can have.
  @Test(arguments: [(1 << 27, 1), (1 << 14, 1 << 13), (1 << 21, 1 << 6), (11_000, 12_000)])
  func overheadIsAtMost24Bytes(width: Int, height: Int) {
    var large = file
    (large.width, large.height) = (width, height)
    let positions = ((width + 7) / 8) * ((height + 7) / 8)
    // A long, flat picture pads a row of eight; its levels and bits are still below these.
    large.sections = [
      [UInt8](repeating: 0, count: min(positions * 5 / 8, (1 << 21) - 1)),
      [UInt8](repeating: 0, count: 1 << 21),
    ]
    let overhead = large.encodedImage.sections[.header] ?? 0
    #expect(overhead <= 24)
  }

  @Test func baselineHasNoImportanceMap() {
    var baseline = file
    baseline.kind = ContentWeightedCodec.Variant.withoutImportanceMap.fileKind
    #expect {
      try CodedFile(
        baseline.bytes, kinds: ContentWeightedCodec.fileKinds, maximumPixelCount: 1 << 20)
    } throws: { error in
      let error = error as? CodecError
      return error?.kind == .corruptData
        && error?.message == "there is a section importance_map where none belongs"
    }
    baseline.sections[0] = []
    #expect(throws: Never.self) {
      try CodedFile(
        baseline.bytes, kinds: ContentWeightedCodec.fileKinds, maximumPixelCount: 1 << 20)
    }
  }

  @Test func kindsNameTheCodersByTheirNumbers() {
    #expect(CoderID.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
    #expect(CoderID.allCases.map(\.word) == ContentWeightedCodec.fileKinds[0].coders)
  }
}
