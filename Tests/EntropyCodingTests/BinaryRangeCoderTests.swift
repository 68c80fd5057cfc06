import EntropyCoding
import Foundation
import TestSupport
import Testing

@Suite struct BinaryRangeCoderTests {
  struct Symbol {
    var bit: Bool
    var probabilityOfOne: UInt16
  }

  /// Symbols whose bits follow their probabilities.
  private func symbols(
    _ count: Int, seed: UInt64, probability: (inout SeededGenerator) -> UInt16
  ) -> [Symbol] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let p = probability(&generator)
      return Symbol(bit: generator.next() >> 48 < UInt64(p), probabilityOfOne: p)
    }
  }

  private func encode(_ symbols: [Symbol]) -> [UInt8] {
    var encoder = BinaryRangeEncoder()
    for symbol in symbols {
      encoder.encode(symbol.bit, probabilityOfOne: symbol.probabilityOfOne)
    }
    return encoder.finish()
  }

  private func expectRoundTrip(
    _ symbols: [Symbol], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var decoder = BinaryRangeDecoder(encode(symbols))
    let firstWrong = symbols.firstIndex {
      decoder.decode(probabilityOfOne: $0.probabilityOfOne) != $0.bit
    }
    #expect(firstWrong == nil, sourceLocation: sourceLocation)
    #expect(decoder.isComplete, sourceLocation: sourceLocation)
  }

  @Test(arguments: [1, 16, 655, 6554, 32768, 49152, 65000, 65535] as [UInt16])
  func sizeIsInformationContent(probabilityOfOne: UInt16) {
    // Enough symbols for an information content of 2¹⁶ bits or more.
    let p = Double(probabilityOfOne) / 65536
    let entropy = -p * log2(p) - (1 - p) * log2(1 - p)
    let count = min(Int(65536 / entropy), 1_000_000)
    let symbols = symbols(count, seed: 7) { _ in probabilityOfOne }
    let information = symbols.reduce(0) { $0 - log2($1.bit ? p : 1 - p) }
    let size = Double(encode(symbols).count * 8)
    // A byte string is up to one byte longer than its information content.
    #expect(abs(size - information) <= 0.001 * information + 8)
    expectRoundTrip(symbols)
  }

  @Test func sizeIsInformationContentForChangingProbabilities() {
    let symbols = symbols(200_000, seed: 11) { .random(in: 1...65535, using: &$0) }
    let information = symbols.reduce(0.0) { sum, symbol in
      let p = Double(symbol.probabilityOfOne) / 65536
      return sum - log2(symbol.bit ? p : 1 - p)
    }
    let size = Double(encode(symbols).count * 8)
    #expect(abs(size - information) <= 0.001 * information)
    expectRoundTrip(symbols)
  }

  @Test(arguments: 0..<40)
  func shortStringsRoundTrip(count: Int) {
    for seed in 0..<50 as Range<UInt64> {
      expectRoundTrip(symbols(count, seed: seed) { .random(in: 1...65535, using: &$0) })
    }
  }

  /// Zeros of nearly certain probability push the interval to its top end, so that the bytes that
  /// come out are 0xFF for long; a single one or a final carry then has to travel through all.
  @Test(arguments: [0, 1, 2, 3, 100, 70_000])
  func carryTravelsThroughLongRuns(runLength: Int) {
    var symbols = Array(repeating: Symbol(bit: false, probabilityOfOne: 65535), count: runLength)
    expectRoundTrip(symbols)
    symbols.append(Symbol(bit: true, probabilityOfOne: 1))
    expectRoundTrip(symbols)
    symbols.append(Symbol(bit: false, probabilityOfOne: 1))
    expectRoundTrip(symbols)
  }

  /// Bits whose interval always holds the number 0x80 00 00 …, so that the bytes to come are either
  /// 0x7F FF FF … or 0x80 00 00 …, and the encoder has to hold them all back until the last bit.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func carryIsHeldBackForAThousandBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var straddling = BinaryRangeDecoder([0x80])
    var symbols: [Symbol] = []
    while straddling.overrun < 1_000 {
      let probability = UInt16.random(in: 1...65535, using: &generator)
      let bit = straddling.decode(probabilityOfOne: probability)
      symbols.append(Symbol(bit: bit, probabilityOfOne: probability))
    }
    expectRoundTrip(symbols)
    for last in [true, false] {
      let tail = Array(repeating: Symbol(bit: last, probabilityOfOne: 32768), count: 64)
      let bytes = encode(symbols + tail)
      #expect(bytes[0] == 0x7F || bytes[0] == 0x80)
      #expect(bytes[1...980].allSatisfy { $0 == (bytes[0] == 0x7F ? 0xFF : 0x00) })
      expectRoundTrip(symbols + tail)
    }
  }

  @Test func noBitsGiveNoBytes() {
    #expect(BinaryRangeEncoder().finish().isEmpty)
    #expect(BinaryRangeDecoder([]).isComplete)
  }

  @Test func finishIsMinimal() {
    // One bit of probability one half needs one bit: a zero byte is left out, a one byte is not.
    #expect(encode([Symbol(bit: true, probabilityOfOne: 32768)]) == [])
    #expect(encode([Symbol(bit: false, probabilityOfOne: 32768)]) == [0x80])
  }

  @Test func truncatedInputReadsZerosAndSaysSo() {
    let symbols = symbols(5_000, seed: 3) { _ in 32768 }
    let bytes = encode(symbols)
    for length in [0, 1, 5, bytes.count / 2, bytes.count - 6] {
      var decoder = BinaryRangeDecoder(bytes.prefix(length))
      for symbol in symbols { _ = decoder.decode(probabilityOfOne: symbol.probabilityOfOne) }
      #expect(!decoder.isComplete, "cut to \(length) bytes")
      #expect(decoder.overrun > BinaryRangeDecoder.maximumOverrun)
    }
  }

  @Test func lengthenedInputIsNotComplete() {
    let symbols = symbols(5_000, seed: 4) { _ in 32768 }
    var decoder = BinaryRangeDecoder(encode(symbols) + [0, 0, 0, 0, 0])
    for symbol in symbols { _ = decoder.decode(probabilityOfOne: symbol.probabilityOfOne) }
    #expect(!decoder.isComplete)
  }

  /// The format's golden bytes, which an arbitrary-precision calculation of the interval confirms.
  ///
  /// They must never change, or old files become unreadable.
  @Test func goldenBytes() {
    var encoder = BinaryRangeEncoder()
    var context = AdaptiveBit()
    for index in 0..<64 {
      encoder.encode(index % 5 == 0, probabilityOfOne: UInt16(1 + 997 * index))
      encoder.encode(index % 7 < 2, context: &context)
    }
    let text = encoder.finish().map { String(format: "%02x", $0) }.joined()
    #expect(text == "00006972b2d78eac900676b51b047657d28ee4ef")
    #expect(context.probabilityOfOne == 19543)
  }

  @Test func probabilityZeroIsAProgrammersError() async {
    await #expect(processExitsWith: .failure) {
      var encoder = BinaryRangeEncoder()
      encoder.encode(true, probabilityOfOne: 0)
    }
  }
}
