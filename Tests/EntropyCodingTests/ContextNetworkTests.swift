import CEntropyCoding
import Foundation
import TestSupport
import Testing

@testable import EntropyCoding

@Suite struct ContextNetworkTests {
  /// Notes the probabilities that a walk gives, and their information content.
  private struct Record: BitPath {
    var probabilities: [UInt16] = []
    var information = 0.0

    mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16, index: Int) {
      probabilities.append(probabilityOfOne)
      let share = Double(probabilityOfOne) / 65536
      information -= log2(bit == 1 ? share : 1 - share)
    }
  }

  /// Maps with positions that are not sent.
  private struct Maps {
    let width: Int
    let height: Int
    let count: Int
    var bits: [UInt8]
    var isSent: [Bool]
    var conditions: [Int]

    init(_ width: Int, _ height: Int, count: Int = 14, seed: UInt64, density: Int = 2) {
      (self.width, self.height, self.count) = (width, height, count)
      var generator = SeededGenerator(seed: seed)
      let size = width * height * count
      isSent = (0..<size).map { _ in .random(in: 0..<4, using: &generator) > 0 }
      bits = isSent.map { $0 && .random(in: 0..<density, using: &generator) == 0 ? 1 : 0 }
      conditions = (0..<width * height).map { _ in .random(in: 0..<2, using: &generator) }
    }

    func position(_ map: Int, _ position: Int) -> ContextNetworkWalk.Position {
      .init(isSent: isSent[map * width * height + position], condition: conditions[position])
    }

    func record(_ network: ContextNetwork, rateStep: Int) -> Record {
      var record = Record()
      var walk = ContextNetworkWalk(network, width: width, height: height, rateStep: rateStep)
      for map in 0..<count {
        var slice = bits[map * width * height..<(map + 1) * width * height]
        walk.codeNextMap(&slice, &record) { position(map, $0) }
      }
      return record
    }

    func encoded(_ network: ContextNetwork, rateStep: Int) -> [UInt8] {
      var encoder = BinaryRangeEncoder()
      var walk = ContextNetworkWalk(network, width: width, height: height, rateStep: rateStep)
      for map in 0..<count {
        walk.encodeNextMap(
          bits[map * width * height..<(map + 1) * width * height], to: &encoder
        ) { position(map, $0) }
      }
      return encoder.finish()
    }

    func decoded(_ bytes: [UInt8], _ network: ContextNetwork, rateStep: Int) -> [UInt8] {
      var decoder = BinaryRangeDecoder(bytes)
      var walk = ContextNetworkWalk(network, width: width, height: height, rateStep: rateStep)
      var found = [UInt8](repeating: 0, count: bits.count)
      for map in 0..<count {
        walk.decodeNextMap(
          &found[map * width * height..<(map + 1) * width * height], from: &decoder
        ) { position(map, $0) }
      }
      #expect(decoder.isComplete)
      return found
    }
  }

  private static let sizes = [(1, 1), (1, 6), (6, 1), (2, 3), (5, 4), (9, 7)]
  private static let levels = (0...CEntropyCodingBestLevel().rawValue).map {
    CEntropyCodingLevel(rawValue: $0)
  }

  @Test(arguments: levels, [(16, 16), (32, 16), (48, 64), (128, 128)])
  func probabilitiesAreThoseOfTheReference(
    level: CEntropyCodingLevel, units: (first: Int, second: Int)
  ) throws {
    let weights = ContextNetwork.Weights.random(units: units, seed: UInt64(units.first))
    var network = try ContextNetwork(weights)
    network.level = level
    for (width, height) in Self.sizes {
      let maps = Maps(width, height, seed: UInt64(10 * width + height))
      let reference = ContextNetworkReference(
        weights: weights, width: width, height: height,
        values: zip(maps.bits, maps.isSent).map { $1 ? $0 + 1 : 0 }, rateStep: 1)
      var expected: [UInt16] = []
      for map in 0..<maps.count {
        for position in 0..<width * height where maps.isSent[map * width * height + position] {
          expected.append(
            reference.probability(
              map: map, row: position / width, column: position % width,
              condition: maps.conditions[position]))
        }
      }
      #expect(maps.record(network, rateStep: 1).probabilities == expected)
    }
  }

  @Test(arguments: [1, 2, 1_000_000])
  func bitsComeBack(density: Int) throws {
    let network = try ContextNetwork(.random(seed: 3))
    for width in 1...8 {
      for height in 1...8 {
        let maps = Maps(
          width, height, seed: UInt64(100 * width + height), density: density)
        let bytes = maps.encoded(network, rateStep: 3)
        #expect(maps.decoded(bytes, network, rateStep: 3) == maps.bits)
      }
    }
  }

  /// Each bit against its limit, after the bits that were decided before it.
  @Test(arguments: levels)
  func decidedBitsAreThoseOfTheReference(level: CEntropyCodingLevel) throws {
    let weights = ContextNetwork.Weights.random(seed: 11)
    var network = try ContextNetwork(weights)
    network.level = level
    let maps = Maps(9, 7, seed: 12)
    var generator = SeededGenerator(seed: 13)
    let limits = maps.bits.map { _ in
      [0, 255, UInt8.random(in: 1...254, using: &generator)].randomElement(using: &generator)!
    }
    var reference = ContextNetworkReference(
      weights: weights, width: 9, height: 7,
      values: [UInt8](repeating: 0, count: limits.count), rateStep: 2)
    var decided = limits
    var encoder = BinaryRangeEncoder()
    var walk = ContextNetworkWalk(network, width: 9, height: 7, rateStep: 2)
    for map in 0..<maps.count {
      walk.decideNextMap(&decided[map * 63..<(map + 1) * 63], to: &encoder) {
        maps.position(map, $0)
      }
      for position in 0..<63 {
        let bit = map * 63 + position
        guard maps.isSent[bit] else { continue }
        let index = reference.index(
          map: map, row: position / 9, column: position % 9,
          condition: maps.conditions[position])
        // ⌊limit · 1024 / 255⌋ entries lie below the least one of a 1.
        let isOne = (index + 1) * 255 > Int(limits[bit]) * 1024
        #expect(decided[bit] == (isOne ? 1 : 0))
        reference.values[bit] = isOne ? 2 : 1
      }
    }
    var expected = maps
    expected.bits = zip(decided, maps.isSent).map { $1 ? $0 : 0 }
    let bytes = encoder.finish()
    #expect(bytes == expected.encoded(network, rateStep: 2))
    #expect(expected.decoded(bytes, network, rateStep: 2) == expected.bits)
  }

  @Test func sizeIsTheInformationContent() throws {
    let network = try ContextNetwork(.random(seed: 4))
    let maps = Maps(120, 90, seed: 5)
    let information = maps.record(network, rateStep: 0).information
    let size = Double(8 * maps.encoded(network, rateStep: 0).count)
    #expect(abs(size / information - 1) < 0.002)
  }

  /// The golden bytes of a network of made-up weights.
  @Test func goldenBytes() throws {
    let network = try ContextNetwork(.random(mapCount: 6, seed: 6))
    let maps = Maps(6, 5, count: 6, seed: 7)
    let bytes = maps.encoded(network, rateStep: 2)
    #expect(
      bytes == [
        192, 68, 97, 221, 155, 149, 57, 175, 164, 120, 50, 184, 234, 146, 206, 201, 56, 159, 0, 51,
        23, 172, 100,
      ])
    #expect(maps.decoded(bytes, network, rateStep: 2) == maps.bits)
  }

  @Test func damagedBytesGiveOtherBits() throws {
    let network = try ContextNetwork(.random(seed: 8))
    let maps = Maps(7, 6, seed: 9)
    var generator = SeededGenerator(seed: 10)
    for length in 0..<12 {
      let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var decoder = BinaryRangeDecoder(noise)
      var walk = ContextNetworkWalk(network, width: 7, height: 6, rateStep: 0)
      for map in 0..<14 {
        var bits = ArraySlice([UInt8](repeating: 0, count: 42))
        walk.decodeNextMap(&bits, from: &decoder) { maps.position(map, $0) }
        #expect(bits.allSatisfy { $0 <= 1 })
      }
    }
  }

  @Test func weightsThatMightOverflowAreRefused() {
    func expectFailure(
      _ reason: String, sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (inout ContextNetwork.Weights) -> Void
    ) {
      var weights = ContextNetwork.Weights.random(seed: 1)
      change(&weights)
      #expect(sourceLocation: sourceLocation) {
        try ContextNetwork(weights)
      } throws: { error in
        (error as? ContextNetwork.WeightsError)?.message.contains(reason) == true
      }
    }
    expectFailure("16 bits") { $0.zeros = $0.zeros.map { _ in 800 } }
    expectFailure("16 bits") { $0.links = $0.links.map { _ in 2_500 } }
    expectFailure("16 bits") { $0.conditionBiases[0] = .min }
    expectFailure("32 bits") { $0.secondBiases[0] = .max }
    expectFailure("32 bits") { $0.thirdBiases[1] = .min }
    expectFailure("wrong length") { $0.ones.removeLast() }
    expectFailure("wrong length") { $0.links.removeLast() }
    expectFailure("wrong length") { $0.probabilities.removeLast() }
    expectFailure("multiple of 16") { $0.firstUnitCount = 24 }
    expectFailure("multiple of 16") { $0.secondUnitCount = 144 }
    expectFailure("shift") { $0.shifts[0] = 15 }
    expectFailure("shift") { $0.shifts[2] = -1 }
    expectFailure("probability") { $0.probabilities[7] = 0 }
  }
}
