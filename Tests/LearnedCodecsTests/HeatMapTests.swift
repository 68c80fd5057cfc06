import Imaging
import LearnedCodecs
import Testing

@Suite struct HeatMapTests {
  private let map = HeatMap(
    levels: [0, 1, 2, 3, 3, 0], grid: LatentGrid(imageWidth: 11, imageHeight: 7, stride: 4),
    levelCount: 4, highestValue: 12)

  private func color(_ picture: Image, _ x: Int, _ y: Int) -> [UInt8] {
    let start = 3 * (y * picture.width + x)
    return Array(picture.samples[start..<start + 3])
  }

  @Test func squaresHaveTheColoursOfTheirLevels() {
    let picture = map.picture(width: 11, height: 7)
    #expect((picture.width, picture.height) == (11, 7 + 32))
    for y in 0..<7 {
      for x in 0..<11 {
        let level = map.levels[y / 4 * 3 + x / 4]
        // The bar below has the same colours, a step for each level.
        let step = (0..<11).first { $0 * 4 / 11 == Int(level) } ?? 0
        #expect(color(picture, x, y) == color(picture, step, 7 + 5))
      }
    }
    #expect(color(picture, 0, 0) == [48, 18, 89] && color(picture, 0, 4) == [250, 230, 30])
  }

  /// Sums of weighted samples grow, so that the map survives grey printing.
  @Test func higherLevelsAreLighter() {
    let bar = HeatMap(
      levels: (0..<32).map { UInt8($0) },
      grid: LatentGrid(imageWidth: 32, imageHeight: 1, stride: 1),
      levelCount: 32, highestValue: 128
    ).picture(width: 32, height: 1)
    let lightness = (0..<32).map { x in
      zip(color(bar, x, 0), [0.299, 0.587, 0.114]).map { Double($0) * $1 }.reduce(0, +)
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func oneLevelIsNoDivisionByZero() {
    let flat = HeatMap(
      levels: [0], grid: LatentGrid(imageWidth: 1, imageHeight: 1, stride: 8), levelCount: 1,
      highestValue: 0
    ).picture(width: 1, height: 1)
    #expect(color(flat, 0, 0) == [48, 18, 89])
  }
}
