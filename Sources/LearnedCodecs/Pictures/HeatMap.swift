import Imaging

/// Draws a map of a latent over its picture's area, with a colour bar below it.
///
/// Each square of pixels has the colour of its position's level, from dark blue for 0 to yellow for
/// the highest; the bar has one step for each level and numbers at both ends.
package struct HeatMap {
  /// The levels of the positions, row by row, each below ``levelCount``.
  package let levels: [UInt8]
  /// The positions.
  package let grid: LatentGrid
  /// How many levels there are, at least 1.
  package let levelCount: Int
  /// The number under the bar's right end; 0 stands under the left.
  package let highestValue: Int

  /// Describes a map.
  ///
  /// - Precondition: there is a level for each position.
  package init(levels: [UInt8], grid: LatentGrid, levelCount: Int, highestValue: Int) {
    precondition(levels.count == grid.positionCount && levelCount > 0, "a level for each position")
    self.levels = levels
    self.grid = grid
    self.levelCount = levelCount
    self.highestValue = highestValue
  }

  /// The drawing, as wide as the picture and higher by the colour bar.
  ///
  /// - Parameters:
  ///   - width: the picture's width in pixels.
  ///   - height: the picture's height in pixels.
  package func picture(width: Int, height: Int) -> Image {
    var canvas = Canvas(width: width, height: height + ColorBar.height)
    let top = max(levelCount - 1, 1)
    for y in 0..<height {
      let row = y / grid.stride * grid.width
      for x in 0..<width {
        let level = levels[row + x / grid.stride]
        canvas[x, y] = ColorBar.color(Double(level) / Double(top))
      }
    }
    ColorBar.draw(on: &canvas, top: height, stepCount: levelCount, highestValue: highestValue)
    return canvas.image
  }
}

/// Pixels that can be set one by one.
private struct Canvas {
  let width: Int
  let height: Int
  private var samples: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    samples = [UInt8](repeating: 255, count: 3 * width * height)
  }

  subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    get {
      let start = 3 * (y * width + x)
      return (samples[start], samples[start + 1], samples[start + 2])
    }
    set {
      guard x < width, y < height else { return }
      let start = 3 * (y * width + x)
      samples[start] = newValue.red
      samples[start + 1] = newValue.green
      samples[start + 2] = newValue.blue
    }
  }

  var image: Image { Image(width: width, height: height, colorModel: .rgb, samples: samples) }
}

/// The key to the colours.
private enum ColorBar {
  static let height = 32
  private static let barHeight = 14
  private static let digitScale = 2

  /// From dark blue through green to yellow, lighter with every step, so that it survives grey
  /// printing: linear between five colours.
  static func color(_ position: Double) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let stops: [(Double, Double, Double)] = [
      (48, 18, 89), (52, 84, 140), (31, 145, 140), (110, 205, 88), (250, 230, 30),
    ]
    let scaled = min(max(position, 0), 1) * Double(stops.count - 1)
    let index = min(Int(scaled), stops.count - 2)
    let share = scaled - Double(index)
    func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + share * (b - a)).rounded()) }
    let (low, high) = (stops[index], stops[index + 1])
    return (mix(low.0, high.0), mix(low.1, high.1), mix(low.2, high.2))
  }

  /// Draws one step per level over the whole width, and the values of the ends under it.
  static func draw(on canvas: inout Canvas, top: Int, stepCount: Int, highestValue: Int) {
    for x in 0..<canvas.width {
      let step = x * stepCount / canvas.width
      for y in top + 2..<top + 2 + barHeight {
        canvas[x, y] = color(Double(step) / Double(max(stepCount - 1, 1)))
      }
    }
    let baseline = top + barHeight + 4
    let digitWidth = 4 * digitScale
    write(0, on: &canvas, left: 0, top: baseline)
    let width = "\(highestValue)".count * digitWidth
    // Both fit only where the picture is wide enough.
    if canvas.width >= width + 2 * digitWidth {
      write(highestValue, on: &canvas, left: canvas.width - width, top: baseline)
    }
  }

  private static func write(_ number: Int, on canvas: inout Canvas, left: Int, top: Int) {
    for (index, digit) in "\(number)".compactMap(\.wholeNumberValue).enumerated() {
      let origin = left + index * 4 * digitScale
      for (row, pattern) in digits[digit].enumerated() {
        for column in 0..<3 where pattern >> (2 - column) & 1 == 1 {
          for y in 0..<digitScale {
            for x in 0..<digitScale {
              canvas[origin + column * digitScale + x, top + row * digitScale + y] = (0, 0, 0)
            }
          }
        }
      }
    }
  }

  /// Digits of 3×5 pixels, one row to a number.
  private static let digits: [[Int]] = [
    [7, 5, 5, 5, 7], [2, 6, 2, 2, 7], [7, 1, 7, 4, 7], [7, 1, 7, 1, 7], [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7], [7, 4, 7, 5, 7], [7, 1, 2, 2, 2], [7, 5, 7, 5, 7], [7, 5, 7, 1, 7],
  ]
}
