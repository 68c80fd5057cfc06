import Statistics

/// Noise whose amplitude falls with frequency as in photographs: 1/f, equal power in each octave.
struct FractalNoise {
  let width: Int
  let height: Int
  private var values: [Double]

  /// Makes noise by adding up octaves.
  ///
  /// Each octave is white noise on a grid twice as coarse as the next one's, interpolated by cubic
  /// B-splines through repeated doubling.
  ///
  /// - Parameters:
  ///   - octaves: which octaves there are: octave `n` has a grid point every 2ⁿ pixels.
  init(width: Int, height: Int, octaves: ClosedRange<Int>, _ random: inout RandomSource) {
    self.width = width
    self.height = height
    var sizes = [(width: width, height: height)]
    for _ in 0..<octaves.upperBound {
      let last = sizes[sizes.count - 1]
      sizes.append((width: (last.width + 1) / 2 + 2, height: (last.height + 1) / 2 + 2))
    }
    var grid: [Double] = []
    for (level, size) in sizes.enumerated().reversed() {
      if grid.isEmpty {
        grid = [Double](repeating: 0, count: size.width * size.height)
      } else {
        let coarse = sizes[level + 1]
        grid = Self.doubled(grid, coarse.width, coarse.height, to: size.width, size.height)
      }
      guard octaves.contains(level) else { continue }
      // Interpolation halves the amplitude of an octave; the finest one is not interpolated.
      let weight = level == 0 ? 0.5 : 1
      for index in grid.indices { grid[index] += weight * random.number(in: -1..<1) }
    }
    values = grid
  }

  /// The noise at a place, mostly between -2 and 2; it repeats beyond the edges.
  func value(_ x: Int, _ y: Int) -> Double { values[y % height * width + x % width] }

  /// Interpolates a grid at twice its density, without its outermost points.
  private static func doubled(
    _ grid: [Double], _ width: Int, _ height: Int, to newWidth: Int, _ newHeight: Int
  ) -> [Double] {
    var rows = [Double](repeating: 0, count: newWidth * height)
    for y in 0..<height {
      for x in 0..<newWidth {
        let place = y * width + x / 2 + 1
        rows[y * newWidth + x] =
          x % 2 == 0
          ? (grid[place - 1] + 6 * grid[place] + grid[place + 1]) / 8
          : (grid[place] + grid[place + 1]) / 2
      }
    }
    var result = [Double](repeating: 0, count: newWidth * newHeight)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let place = (y / 2 + 1) * newWidth + x
        result[y * newWidth + x] =
          y % 2 == 0
          ? (rows[place - newWidth] + 6 * rows[place] + rows[place + newWidth]) / 8
          : (rows[place] + rows[place + newWidth]) / 2
      }
    }
    return result
  }
}
