import Foundation
import Testing

@testable import ContentWeightedCodec

@Suite struct LatentCoderTests {
  private func grid(_ width: Int, _ height: Int) -> LatentGrid {
    LatentGrid(imageWidth: 8 * width, imageHeight: 8 * height)
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
    let latent = latent(grid, mapCount: shape.maps, levelCount: shape.levels, seed: 1)
    let levels = id.coder.encode(levels: latent.levels, levelCount: shape.levels, grid: grid)
    #expect(
      try id.coder.decodeLevels(levels[...], levelCount: shape.levels, grid: grid)
        == latent.levels)
    let codes = id.coder.encode(
      bits: latent.bits, mapCounts: latent.mapCounts, mapCount: shape.maps, grid: grid)
    #expect(
      try id.coder.decodeBits(
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
  func damagedSectionsThrowOrDecode(id: CoderID) {
    let grid = grid(6, 5)
    let latent = latent(grid, mapCount: 12, levelCount: 6, seed: 5)
    let codes = id.coder.encode(
      bits: latent.bits, mapCounts: latent.mapCounts, mapCount: 12, grid: grid)
    let levels = id.coder.encode(levels: latent.levels, levelCount: 6, grid: grid)
    for length in 0..<codes.count - 5 {
      #expect(throws: SectionError.self) {
        try id.coder.decodeBits(
          codes.prefix(length), mapCounts: latent.mapCounts, mapCount: 12, grid: grid)
      }
    }
    #expect(throws: SectionError.self) {
      try id.coder.decodeLevels((levels + [1, 2, 3, 4, 5])[...], levelCount: 6, grid: grid)
    }
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<500 {
      var damaged = codes
      damaged[Int.random(in: 0..<codes.count, using: &generator)] ^=
        1
        << UInt8.random(
          in: 0..<8, using: &generator)
      _ = try? id.coder.decodeBits(
        damaged[...], mapCounts: latent.mapCounts, mapCount: 12, grid: grid)
    }
  }

  /// The coder's golden bytes: they must never change, or old files become unreadable.
  @Test func goldenBytes() {
    let grid = grid(5, 4)
    let levels = (0..<20).map { UInt8($0 * 7 % 11 % 8) }
    let bits = (0..<160).map { UInt8($0 * $0 % 7 & 1) }
    let mapCounts = levels.map { UInt16($0) }
    let masked = bits.enumerated().map { $0 / 20 < Int(mapCounts[$0 % 20]) ? $1 : 0 }
    #expect(
      hexadecimal(ContextCoder().encode(levels: levels, levelCount: 8, grid: grid))
        == "bcedb3456e9bf459")
    #expect(
      hexadecimal(
        ContextCoder().encode(bits: masked, mapCounts: mapCounts, mapCount: 8, grid: grid))
        == "7767cce5f031cc54")
  }
}
