import Codecs
import Testing

@Suite struct VariableLengthIntegerTests {
  @Test(
    arguments: [
      (0, [0x00]), (1, [0x01]), (127, [0x7F]), (128, [0x80, 0x01]), (768, [0x80, 0x06]),
      (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 0x01]),
    ] as [(Int, [UInt8])])
  func bytesAreTheLowestSevenBitsFirst(value: Int, bytes: [UInt8]) {
    #expect(VariableLengthInteger.bytes(of: value) == bytes)
    #expect(VariableLengthInteger.byteCount(of: value) == bytes.count)
  }

  @Test func everyNumberFits() {
    #expect(VariableLengthInteger.byteCount(of: .max) == 9)
  }
}
