import EntropyCoding
import Files
import Foundation
import LearnedCodecs
import TestSupport
import Testing

@testable import ContentWeightedCodec

@Suite struct LatentCoderTests {
  private func grid(_ width: Int, _ height: Int) -> LatentGrid {
    ContentWeightedModel.grid(width: 8 * width, height: 8 * height)
  }

  /// Levels and bits with structure: smooth levels, and bits that tend to repeat their neighbours.
  private func latent(
    _ grid: LatentGrid, mapCount: Int, levelCount: Int, seed: UInt64
  ) -> Latent {
    var generator = SeededGenerator(seed: seed)
    let levels = (0..<grid.positionCount).map { position -> UInt8 in
      let (y, x) = position.quotientAndRemainder(dividingBy: grid.width)
      let smooth = (sin(Double(x) / 5) + cos(Double(y) / 4) + 2) / 4 * Double(levelCount)
      return UInt8(
        min(max(Int(smooth) + Int.random(in: -1...1, using: &generator), 0), levelCount - 1))
    }
    let table = ImportanceMask.mapCounts(codeMapCount: mapCount, levelCount: levelCount)
    let mapCounts = levels.map { table[Int($0)] }
    var bits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    for map in 0..<mapCount {
      for position in 0..<grid.positionCount where map < Int(mapCounts[position]) {
        let index = map * grid.positionCount + position
        let repeats = position > 0 && Int.random(in: 0..<8, using: &generator) > 0
        bits[index] = repeats ? bits[index - 1] : UInt8.random(in: 0...1, using: &generator)
      }
    }
    return Latent(grid: grid, levels: levels, mapCounts: mapCounts, bits: bits)
  }

  @Test(
    arguments: CoderID.allCases,
    [(1, 1, 8, 4), (1, 9, 16, 16), (7, 1, 5, 5), (13, 11, 64, 16), (12, 8, 128, 32), (4, 4, 1, 1)])
  func roundTrips(id: CoderID, shape: (width: Int, height: Int, maps: Int, levels: Int)) throws {
    let grid = grid(shape.width, shape.height)
    let coder = try id.coder(mapCount: shape.maps, levelCount: shape.levels)
    let latent = latent(grid, mapCount: shape.maps, levelCount: shape.levels, seed: 1)
    let levels = coder.encode(levels: latent.levels, levelCount: shape.levels, grid: grid)
    #expect(
      try coder.decodeLevels(levels[...], levelCount: shape.levels, grid: grid)
        == latent.levels)
    let codes = coder.encode(
      bits: latent.bits, mapCounts: latent.mapCounts, mapCount: shape.maps, grid: grid)
    #expect(
      try coder.decodeBits(
        codes[...], mapCounts: latent.mapCounts, mapCount: shape.maps, grid: grid)
        == latent.bits)
  }

  @Test func rawSizeIsTheNumberOfBits() {
    let grid = grid(13, 11)
    let latent = latent(grid, mapCount: 64, levelCount: 16, seed: 2)
    #expect(
      RawCoder().encode(levels: latent.levels, levelCount: 16, grid: grid).count
        == (4 * 143 + 7) / 8)
    let sent = latent.mapCounts.reduce(0) { $0 + Int($1) }
    let codes = RawCoder().encode(
      bits: latent.bits, mapCounts: latent.mapCounts, mapCount: 64, grid: grid)
    #expect(codes.count == (sent + 7) / 8)
  }

  @Test func contextsShrinkStructureAndHardlyGrowNoise() {
    let grid = grid(96, 64)
    let structured = latent(grid, mapCount: 64, levelCount: 16, seed: 3)
    func size(_ coder: some LatentCoder, _ latent: Latent) -> Int {
      coder.encode(bits: latent.bits, mapCounts: latent.mapCounts, mapCount: 64, grid: grid).count
    }
    // A bit that repeats its neighbour in 15 of 16 cases has 0.337 bits of information.
    #expect(Double(size(ContextCoder(), structured)) < 0.4 * Double(size(RawCoder(), structured)))
    let levels = ContextCoder().encode(levels: structured.levels, levelCount: 16, grid: grid)
    #expect(levels.count < 4 * grid.positionCount / 8)

    var generator = SeededGenerator(seed: 4)
    let noise = Latent(
      grid: grid, levels: [], mapCounts: [UInt16](repeating: 64, count: grid.positionCount),
      bits: (0..<64 * grid.positionCount).map { _ in .random(in: 0...1, using: &generator) })
    #expect(Double(size(ContextCoder(), noise)) < 1.03 * Double(size(RawCoder(), noise)))
  }

  @Test(arguments: CoderID.allCases)
  func damagedSectionsThrowOrDecode(id: CoderID) throws {
    let grid = grid(6, 5)
    let coder = try id.coder(mapCount: 12, levelCount: 6)
    let latent = latent(grid, mapCount: 12, levelCount: 6, seed: 5)
    let codes = coder.encode(
      bits: latent.bits, mapCounts: latent.mapCounts, mapCount: 12, grid: grid)
    let levels = coder.encode(levels: latent.levels, levelCount: 6, grid: grid)
    // Zeros behind a cut string can be the code of likely bits; the container's checksum tells.
    for length in codes.indices {
      _ = try? coder.decodeBits(
        codes.prefix(length), mapCounts: latent.mapCounts, mapCount: 12, grid: grid)
    }
    #expect(throws: SectionError.self) {
      try coder.decodeLevels((levels + [1, 2, 3, 4, 5])[...], levelCount: 6, grid: grid)
    }
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<500 {
      var damaged = codes
      damaged[Int.random(in: 0..<codes.count, using: &generator)] ^=
        1
        << UInt8.random(
          in: 0..<8, using: &generator)
      _ = try? coder.decodeBits(
        damaged[...], mapCounts: latent.mapCounts, mapCount: 12, grid: grid)
    }
  }

  /// The coders' golden bytes: they must never change, or old files become unreadable.
  @Test(arguments: [
    (CoderID.none, "492927c0f8638c70", "8528222a24844440"),
    (.cabac, "bcedb3456e9bf459", "7767cce5f031cc54"),
    (.convolutional, "ba39b3d002679038", "86a91050b3d3b62a"),
    (.runLength, "e0b3b9aed630c1b4a6ca", "67577ed7cecb064c"),
    (
      .huffman, "332443335b8a38d7adc51c60",
      "0000300000300000033000000000000033200000000000000000000000000000f70caa20"
    ),
  ])
  func goldenBytes(id: CoderID, levelBytes: String, codeBytes: String) throws {
    let grid = grid(5, 4)
    let levels = (0..<20).map { UInt8($0 * 7 % 11 % 8) }
    let bits = (0..<160).map { UInt8($0 * $0 % 7 & 1) }
    let mapCounts = levels.map { UInt16($0) }
    let masked = bits.enumerated().map { $0 / 20 < Int(mapCounts[$0 % 20]) ? $1 : 0 }
    let coder = try id.coder(mapCount: 8, levelCount: 8)
    let levelSection = coder.encode(levels: levels, levelCount: 8, grid: grid)
    let codes = coder.encode(bits: masked, mapCounts: mapCounts, mapCount: 8, grid: grid)
    #expect(hexadecimal(levelSection) == levelBytes)
    #expect(hexadecimal(codes) == codeBytes)
    #expect(try coder.decodeLevels(levelSection[...], levelCount: 8, grid: grid) == levels)
    #expect(
      try coder.decodeBits(codes[...], mapCounts: mapCounts, mapCount: 8, grid: grid) == masked)
  }

  /// The scan of Figure 3 and the mapping of Figure 4, followed by hand: of the rows 011 and 100, the
  /// second backwards, 0110 01 becomes 0101 01.
  @Test func runLengthScansInSerpentines() {
    let grid = grid(3, 2)
    let bits: [UInt8] = [0, 1, 1, 1, 0, 0]
    let section = RunLengthCoder().encode(
      bits: bits, mapCounts: [UInt16](repeating: 1, count: 6), mapCount: 1, grid: grid)
    var encoder = BinaryRangeEncoder()
    var context = AdaptiveBit()
    for change in [false, true, false, true, false, true] {
      encoder.encode(change, context: &context)
    }
    #expect(section == encoder.finish())
  }

  /// A lone symbol costs the description of its code only.
  @Test func huffmanWritesNothingForConstantMaps() {
    let grid = grid(20, 20)
    let levels = HuffmanCoder().encode(
      levels: [UInt8](repeating: 3, count: 400), levelCount: 16, grid: grid)
    #expect(levels == [0, 1, 0, 0, 0, 0, 0, 0])
  }

  /// Maps of every small size: noise, all bits the same, one bit in a hundred, and each position's
  /// number of maps unlike its neighbours'.
  @Test(arguments: CoderID.allCases)
  func everySizeRoundTrips(id: CoderID) throws {
    let coder = try id.coder(mapCount: 12, levelCount: 6)
    var generator = SeededGenerator(seed: 7)
    for (width, height) in (1...9).flatMap({ width in (1...7).map { (width, $0) } }) {
      let grid = grid(width, height)
      for kind in 0..<5 {
        let levels = (0..<grid.positionCount).map { position -> UInt8 in
          switch kind {
          case 0: .random(in: 0..<6, using: &generator)
          case 1: 5
          case 2: 0
          case 3: position.isMultiple(of: 2) ? 5 : 0
          default: .random(in: 0..<100, using: &generator) == 0 ? 5 : 1
          }
        }
        let mapCounts = levels.map { 2 * UInt16($0) }
        var bits = (0..<12 * grid.positionCount).map { index -> UInt8 in
          switch kind {
          case 1: 1
          case 3: UInt8(index & 1)
          case 4: .random(in: 0..<100, using: &generator) == 0 ? 1 : 0
          default: .random(in: 0...1, using: &generator)
          }
        }
        for index in bits.indices {
          let (map, position) = index.quotientAndRemainder(dividingBy: grid.positionCount)
          if map >= mapCounts[position] { bits[index] = 0 }
        }
        let section = coder.encode(levels: levels, levelCount: 6, grid: grid)
        #expect(try coder.decodeLevels(section[...], levelCount: 6, grid: grid) == levels)
        let codes = coder.encode(bits: bits, mapCounts: mapCounts, mapCount: 12, grid: grid)
        #expect(
          try coder.decodeBits(codes[...], mapCounts: mapCounts, mapCount: 12, grid: grid)
            == bits, "\(width)×\(height), kind \(kind)")
      }
    }
  }
}
