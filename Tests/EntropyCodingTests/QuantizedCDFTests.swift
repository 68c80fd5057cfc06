import Foundation
import TestSupport
import Testing

@testable import EntropyCoding

@Suite struct QuantizedCDFTests {
  private func bits(_ counts: [UInt32], _ shares: [UInt32]) -> Double {
    zip(counts, shares).reduce(0) { $0 - Double($1.0) * log2(Double($1.1)) }
  }

  /// All ways to give `sum` to `count` shares of 1 or more.
  private func divisions(_ sum: UInt32, _ count: Int) -> [[UInt32]] {
    if count == 1 { return [[sum]] }
    return (1...sum - UInt32(count) + 1).flatMap { first in
      divisions(sum - first, count - 1).map { [first] + $0 }
    }
  }

  @Test(arguments: 2...4, 0..<15 as Range<UInt64>)
  func sharesAreTheBestOfAll(count: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var counts = (0..<count).map { _ in UInt32.random(in: 0...50, using: &generator) }
    counts[0] += 1
    let shares = quantizedShares(counts, sum: 16)
    #expect(shares.reduce(0, +) == 16)
    let best = divisions(16, count).map { bits(counts, $0) }.min()!
    #expect(abs(bits(counts, shares) - best) < 1e-9)
  }

  @Test func noExchangeSavesBits() {
    var generator = SeededGenerator(seed: 5)
    let counts = (0..<60).map { _ in UInt32.random(in: 0...100_000, using: &generator) >> 4 }
    let shares = quantizedShares(counts)
    #expect(shares.reduce(0, +) == 65536)
    for from in shares.indices where shares[from] > 1 {
      for to in shares.indices where to != from {
        let loss = Double(counts[from]) * log2(Double(shares[from]) / Double(shares[from] - 1))
        let gain = Double(counts[to]) * log2(Double(shares[to] + 1) / Double(shares[to]))
        #expect(gain - loss < 1e-6)
      }
    }
  }

  @Test func tiesGoToTheFirst() {
    #expect(quantizedShares([1, 1, 1]) == [21846, 21845, 21845])
    #expect(quantizedShares([.max, 0, 0]) == [65534, 1, 1])
    #expect(QuantizedCDF(minimum: 3, counts: [1]).cumulative == [0, 65535, 65536])
  }

  @Test func bytesComeBack() throws {
    for counts in [[1], [5, 0, 9], [UInt32](repeating: 1, count: 65535)] as [[UInt32]] {
      let table = QuantizedCDF(minimum: -7, counts: counts, escapeCount: 2)
      let read = try QuantizedCDF(bytes: table.bytes[...])
      #expect(read == table)
      #expect(read.bytes == table.bytes)
    }
    let table = QuantizedCDF(minimum: -2, counts: [1, 1], escapeCount: 2)
    #expect(table.bytes == [0xFF, 0xFF, 0xFF, 0xFE, 0, 2, 0x40, 0, 0x80, 0])
  }

  @Test(
    arguments: [
      ([], .wrongSize), ([0, 0, 0, 0, 0], .wrongSize), ([0, 0, 0, 0, 0, 0], .wrongRange),
      ([0, 0, 0, 0, 0, 1], .wrongSize), ([0, 0, 0, 0, 0, 1, 1], .wrongSize),
      ([0, 0, 0, 0, 0, 1, 1, 1, 1], .wrongSize), ([0, 0, 0, 0, 0, 1, 0, 0], .notIncreasing),
      ([0, 0, 0, 0, 0, 2, 1, 0, 1, 0], .notIncreasing),
      ([0, 0, 0, 0, 0, 2, 1, 0, 0, 255], .notIncreasing),
      ([0x7F, 0xFF, 0xFF, 0xFF, 0, 2, 1, 0, 2, 0], .wrongRange),
    ] as [([UInt8], QuantizedCDFError)])
  func malformedBytesAreRefused(bytes: [UInt8], error: QuantizedCDFError) {
    #expect(throws: error) { try QuantizedCDF(bytes: bytes[...]) }
  }
}
