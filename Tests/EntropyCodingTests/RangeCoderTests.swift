import EntropyCoding
import Foundation
import TestSupport
import Testing

@Suite struct RangeCoderTests {
  private func encode(_ values: [Int32], _ table: QuantizedCDF) -> [UInt8] {
    var encoder = RangeEncoder()
    for value in values { encoder.encode(value, with: table) }
    return encoder.finish()
  }

  private func expectRoundTrip(
    _ values: [Int32], _ table: QuantizedCDF, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var decoder = RangeDecoder(encode(values, table))
    let firstWrong = values.firstIndex { decoder.decode(with: table) != $0 }
    #expect(firstWrong == nil, sourceLocation: sourceLocation)
    #expect(decoder.isComplete, sourceLocation: sourceLocation)
  }

  /// Numbers that follow the table, none of them an escape.
  private func values(_ count: Int, _ table: QuantizedCDF, seed: UInt64) -> [Int32] {
    var generator = SeededGenerator(seed: seed)
    let sums = table.cumulative
    return (0..<count).map { _ in
      let target = UInt32.random(in: 0..<sums[table.symbolCount], using: &generator)
      return table.minimum + Int32(sums.firstIndex { $0 > target }! - 1)
    }
  }

  private func table(seed: UInt64, symbols: Int) -> QuantizedCDF {
    var generator = SeededGenerator(seed: seed)
    let counts = (0..<symbols).map { _ in UInt32.random(in: 1...1_000, using: &generator) }
    return QuantizedCDF(minimum: -Int32(symbols / 2), counts: counts)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func randomTablesRoundTrip(seed: UInt64) {
    let table = table(seed: seed, symbols: 1 + Int(seed) * 7)
    for count in [0, 1, 2, 3, 500] { expectRoundTrip(values(count, table, seed: seed), table) }
  }

  @Test func skewedTablesRoundTrip() {
    let skewed = QuantizedCDF(minimum: 0, counts: [.max, 0, 0, 0])
    expectRoundTrip(values(70_000, skewed, seed: 1), skewed)
    for rare in 1...3 as ClosedRange<Int32> {
      expectRoundTrip(Array(repeating: rare, count: 1_000), skewed)
    }
    let single = QuantizedCDF(minimum: 9, counts: [1])
    expectRoundTrip(Array(repeating: 9, count: 100_000), single)
    expectRoundTrip([9, 8, 9, 10, 9], single)
  }

  @Test func carryTravelsThroughLongRuns() {
    let top = QuantizedCDF(minimum: 0, counts: [0, .max])
    let escape = QuantizedCDF(minimum: 0, counts: [0], escapeCount: .max)
    for count in [0, 1, 100, 70_000] {
      for last in [0, 1, 2] as [Int32] {
        expectRoundTrip(Array(repeating: 1, count: count) + [last], top)
      }
      expectRoundTrip(Array(repeating: 1, count: count / 10) + [0], escape)
    }
  }

  @Test(arguments: [.min, -1, 0, .max - 1] as [Int32])
  func escapesReachTheExtremes(minimum: Int32) {
    let table = QuantizedCDF(minimum: minimum, counts: [5, 1])
    expectRoundTrip([.min, .max, .min + 1, .max - 1, -3, -2, -1, 0, 1, 2, 3, 65536], table)
  }

  @Test func escapesAreTheLongestFromOneEndToTheOther() {
    expectRoundTrip([.min, .max], QuantizedCDF(minimum: .max, counts: [1]))
    expectRoundTrip([.max, .min], QuantizedCDF(minimum: .min, counts: [1]))
  }

  @Test func sizeIsInformationContent() {
    let table = table(seed: 2, symbols: 100)
    let values = values(200_000, table, seed: 3)
    let information = values.reduce(0.0) { sum, value in
      let entry = Int(value - table.minimum)
      return sum + 16 - log2(Double(table.cumulative[entry + 1] - table.cumulative[entry]))
    }
    let size = Double(encode(values, table).count * 8)
    #expect(abs(size - information) <= 0.0005 * information)
    expectRoundTrip(values, table)
  }

  @Test func truncatedBytesSaySo() {
    let table = table(seed: 4, symbols: 20)
    let values = values(2_000, table, seed: 5)
    let bytes = encode(values, table)
    for length in [0, 1, 5, bytes.count / 2, bytes.count - 6] {
      var decoder = RangeDecoder(bytes.prefix(length))
      for _ in values { _ = decoder.decode(with: table) }
      #expect(!decoder.isComplete, "cut to \(length) bytes")
    }
  }

  /// Every number takes at least a part of the range, so that the overrun grows with the numbers
  /// read and no number reads more than 12 bytes.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func randomBytesDecodeToSomething(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let isHigh = seed.isMultiple(of: 5)
    let bytes = (0..<200).map { _ in isHigh ? 0xFF : UInt8.random(in: 0...255, using: &generator) }
    for table in [
      QuantizedCDF(minimum: .max, counts: [1], escapeCount: 9),
      QuantizedCDF(minimum: .min, counts: [1, 2], escapeCount: 90),
      table(seed: seed, symbols: 300),
    ] {
      var decoder = RangeDecoder(bytes)
      for _ in 0..<2_000 { _ = decoder.decode(with: table) }
      #expect(decoder.overrun < 2_000 * 12)
    }
  }

  /// They must never change, or old files become unreadable.
  @Test func goldenBytes() {
    let table = QuantizedCDF(minimum: -2, counts: [1, 4, 9, 4, 1], escapeCount: 1)
    let values = [0, 1, -1, 2, -2, 3, -3, 100, 0, 0, 0, .min, .max] as [Int32]
    let text = encode(values, table).map { String(format: "%02x", $0) }.joined()
    #expect(text == "95f314bbff8d6eaeac13f1e7f05038603ebffd2e57fc0c")
  }
}
