import NeuralNetworks
import Testing

@Suite struct TilingTests {
  @Test(arguments: [1, 7, 8, 9, 16, 17, 100], [(8, 3), (1, 0), (5, 9)])
  func coresCoverTheSideOnce(length: Int, shape: (core: Int, margin: Int)) {
    let tiling = Tiling(length: length, coreLength: shape.core, margin: shape.margin)
    #expect(tiling.windows.flatMap { Array($0.core) } == Array(0..<length))
    for window in tiling.windows {
      #expect(window.extent.lowerBound == max(0, window.core.lowerBound - shape.margin))
      #expect(window.extent.upperBound == min(length, window.core.upperBound + shape.margin))
      #expect(window.core.count <= shape.core)
    }
  }
}
