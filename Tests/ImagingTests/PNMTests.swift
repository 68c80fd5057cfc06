import Imaging
import Testing

@Suite struct PNMTests {
  private func decode(_ text: String, _ samples: [UInt8] = []) throws(ImageError) -> Image {
    try PNM.decode(Array(text.utf8) + samples).image
  }

  private func refusal(
    _ text: String, _ samples: [UInt8] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) -> ImageError? {
    #expect(throws: ImageError.self, sourceLocation: sourceLocation) { try decode(text, samples) }
  }

  private let gray = Image(
    width: 3, height: 2, colorModel: .gray, samples: [0, 1, 10, 13, 35, 255])
  private let rgb = Image(width: 1, height: 2, colorModel: .rgb, samples: [32, 9, 10, 13, 35, 255])

  @Test func `binary pictures are written with a header of three lines`() {
    #expect(PNM.encode(gray) == Array("P5\n3 2\n255\n".utf8) + gray.samples)
    #expect(PNM.encode(rgb) == Array("P6\n1 2\n255\n".utf8) + rgb.samples)
  }

  @Test func `what is written is read back`() throws {
    #expect(try PNM.decode(PNM.encode(gray)) == DecodedImage(image: gray))
    #expect(try PNM.decode(PNM.encode(rgb)) == DecodedImage(image: rgb))
  }

  @Test(arguments: [
    "P5 3 2 255 ", "P5\n# a comment\n3 2 # of 6 pixels\n255\n", "P5\r3\t2\r\n\u{0B}255\n",
    "P5\n#\n\n 003 02\n0255\n",
  ])
  func `white space and comments may stand between the numbers`(header: String) throws {
    #expect(try decode(header, gray.samples) == gray)
  }

  @Test func `plain pictures are read`() throws {
    #expect(try decode("P2\n3 2\n255\n0 1 10\n13 35 255\n") == gray)
    #expect(try decode("P3 1 2 255 32 9 10 # first\n 13 35 255") == rgb)
  }

  @Test(arguments: ["P5\n3 2\n65535\n", "P5\n3 2\n15\n", "P5\n3 2\n0\n"])
  func `another largest value is refused`(header: String) {
    let error = refusal(header, Array(repeating: 0, count: 12))
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("only 255 is supported") == true)
  }

  @Test(arguments: ["P1\n1 1\n0\n", "P4\n8 1\n", "P7\nWIDTH 1\n"])
  func `other kinds of Netpbm are refused by name`(text: String) {
    let error = refusal(text, [0])
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("of kind \(text.prefix(2))") == true)
  }

  @Test(arguments: [
    "P5\n", "P5\n3", "P5\n3 2", "P5\n3 2\n", "P5\n3 2\n255", "P5\n3 2\n255\n", "P5\n-3 2\n255\n",
    "P5\nx 2\n255\n", "P5\n3 2\n255\n12345", "P5\n3 2\n255\n1234567", "P5\n0 2\n255\n",
    "P5\n99999999999999999999 2\n255\n", "P2\n3 2\n255\n1 2 3 4 5", "P2\n3 2\n255\n1 2 3 4 5 256",
    "P2\n3 2\n255\n1 2 3 4 5 6 7", "P5 3 2 255# no white space\n123456",
  ])
  func `incomplete and wrong files are refused as damaged`(text: String) {
    #expect(refusal(text)?.kind == .corruptData)
  }

  @Test(arguments: [
    "P6\n100000 100000\n255\n", "P5\n9223372036854775807 2\n255\n", "P3\n268435457 1\n255\n",
  ])
  func `a huge size is refused before memory is taken`(text: String) {
    #expect(refusal(text)?.kind == .tooLarge)
  }

  @Test(arguments: ["", "P", "P5", "P8\n", "P5x", "Px ", "hello"])
  func `other bytes are of another format`(text: String) {
    #expect(refusal(text)?.kind == .unknownFormat)
  }
}
