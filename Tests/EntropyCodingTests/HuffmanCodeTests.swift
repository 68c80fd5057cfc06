import Foundation
import TestSupport
import Testing

@testable import EntropyCoding

@Suite struct HuffmanCodeTests {
  /// The example of RFC 1951, section 3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4 for A…H.
  @Test func codeWordsAreThoseOfDeflate() throws {
    let code = try #require(HuffmanCode(lengths: [3, 3, 3, 3, 3, 2, 4, 4]))
    var writer = BitWriter()
    for symbol in 0..<8 { code.encode(symbol, to: &writer) }
    // 010 011 100 101 110 00 1110 1111
    #expect(writer.bytes == [0b0100_1110, 0b0101_1100, 0b0111_0111, 0b1000_0000])
  }

  @Test func lengthsAreThoseOfHuffman() {
    #expect(HuffmanCode(counts: [5, 9, 12, 13, 16, 45]).lengths == [4, 4, 3, 3, 3, 1])
    #expect(HuffmanCode(counts: [0, 7, 0]).lengths == [0, 1, 0])
    #expect(HuffmanCode(counts: [1, 1]).lengths == [1, 1])
  }

  /// Fibonacci's numbers give the longest words: 30 symbols would need 29 bits.
  @Test func noWordIsLongerThanTheLimit() {
    var counts = [1, 1]
    while counts.count < 30 { counts.append(counts[counts.count - 1] + counts[counts.count - 2]) }
    let code = HuffmanCode(counts: counts)
    #expect(code.lengths.max() == 15)
    #expect(HuffmanCode(lengths: code.lengths) == code)
  }

  /// No assignment of lengths up to the limit of these few symbols is shorter.
  @Test func lengthsAreOptimal() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<50 {
      let counts = (0..<5).map { _ in Int.random(in: 1...40, using: &generator) }
      var best = Int.max
      for number in 0..<1024 {
        let lengths = (0..<5).map { 1 + (number >> (2 * $0)) % 4 }
        guard lengths.reduce(0.0, { $0 + exp2(-Double($1)) }) == 1 else { continue }
        best = min(best, zip(counts, lengths).reduce(0) { $0 + $1.0 * $1.1 })
      }
      let found = zip(counts, HuffmanCode(counts: counts).lengths)
      #expect(found.reduce(0) { $0 + $1.0 * Int($1.1) } == best)
    }
  }

  @Test(arguments: [1, 2, 3, 17, 64, 300])
  func symbolsComeBack(symbolCount: Int) throws {
    var generator = SeededGenerator(seed: UInt64(symbolCount))
    let symbols = (0..<2_000).map { _ in
      Int.random(in: 0..<symbolCount, using: &generator)
        & Int.random(in: 0..<symbolCount, using: &generator)
    }
    var counts = [Int](repeating: 0, count: symbolCount)
    for symbol in symbols { counts[symbol] += 1 }
    let code = HuffmanCode(counts: counts)
    var writer = BitWriter()
    for symbol in symbols { code.encode(symbol, to: &writer) }
    var reader = BitReader(writer.bytes[...])
    let decoder = try #require(HuffmanCode(lengths: code.lengths))
    var decoded: [Int] = []
    for _ in symbols { decoded.append(decoder.decode(&reader)) }
    #expect(decoded == symbols)
    #expect(reader.isComplete)
    // Shannon's bound, and Gallager's on how far Huffman's codes are above it.
    let entropy = counts.filter { $0 > 0 }.reduce(0.0) {
      $0 + Double($1) * log2(Double(symbols.count) / Double($1))
    }
    #expect(Double(8 * writer.bytes.count) >= entropy)
    #expect(Double(8 * writer.bytes.count) <= entropy + Double(symbols.count) + 8)
  }

  @Test(arguments: [[], [0, 0], [2], [0, 2], [1, 1, 1], [1, 2], [1, 2, 3], [16, 1]])
  func lengthsThatAreNoCodeAreRefused(lengths: [UInt8]) {
    #expect(HuffmanCode(lengths: lengths) == nil)
  }
}

@Suite struct BitWriterTests {
  @Test func bitsFillBytesFromTheTop() {
    var writer = BitWriter()
    writer.append(true)
    writer.append(0b0110_1, count: 5)
    writer.append(0xFFFF_FF0F, count: 6)
    #expect(writer.bytes == [0b1011_0100, 0b1111_0000])
    var reader = BitReader(writer.bytes[...])
    let found = [reader.next() ? 1 : 0, reader.next(count: 5)]
    #expect(found == [1, 0b0110_1])
    #expect(!reader.isComplete)
    let rest = reader.next(count: 6)
    #expect(rest == 0b001111)
    #expect(reader.isComplete)
  }

  @Test func bytesThatDoNotFitTheBitsAreNoticed() {
    var ones = BitReader([0b1000_0001])
    _ = ones.next()
    #expect(!ones.isComplete)
    var short = BitReader([])
    #expect(short.isComplete)
    _ = short.next()
    #expect(short.isOverrun && !short.isComplete)
    let unread = BitReader([0])
    #expect(!unread.isComplete)
  }
}
