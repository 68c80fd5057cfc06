import Codecs
import Imaging

extension ContentWeightedCodec {
  /// Draws the importance map of a file in the size of its picture, a colour bar below it.
  ///
  /// Each 8×8 block of pixels has the colour of the number of bits that it was given, from dark blue
  /// for none to yellow for the most that the model can give; the bar names both ends (Li et al.
  /// 2017, Figure 6).
  ///
  /// - Throws: `CodecError` of kind `corruptData`, `limitExceeded` or `unavailable` as
  ///   ``decode(_:)``, and `invalidParameter` for a file without importance map.
  public func importanceMapPicture(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let container = try read(bytes)
    let fileModel = try model(of: container)
    let configuration = fileModel.configuration
    guard configuration.importanceLevelCount > 0 else {
      throw failure(.invalidParameter, "\(descriptor.id) has no importance map")
    }
    let levels = try container.levels(for: fileModel)
    let counts = ImportanceMask.mapCounts(
      codeMapCount: configuration.codeMapCount, levelCount: configuration.importanceLevelCount)
    var canvas = Canvas(width: container.width, height: container.height + ColorBar.height)
    let grid = LatentGrid(imageWidth: container.width, imageHeight: container.height)
    let top = max(configuration.importanceLevelCount - 1, 1)
    for y in 0..<container.height {
      let row = y / LatentGrid.stride * grid.width
      for x in 0..<container.width {
        let level = levels[row + x / LatentGrid.stride]
        canvas[x, y] = ColorBar.color(Double(level) / Double(top))
      }
    }
    ColorBar.draw(
      on: &canvas, top: container.height, stepCount: configuration.importanceLevelCount,
      most: Int(counts.last ?? 0))
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

  /// Draws one step per level over the whole width, and the bits of the ends under it.
  static func draw(on canvas: inout Canvas, top: Int, stepCount: Int, most: Int) {
    for x in 0..<canvas.width {
      let step = x * stepCount / canvas.width
      for y in top + 2..<top + 2 + barHeight {
        canvas[x, y] = color(Double(step) / Double(max(stepCount - 1, 1)))
      }
    }
    let baseline = top + barHeight + 4
    let digitWidth = 4 * digitScale
    write(0, on: &canvas, left: 0, top: baseline)
    let width = "\(most)".count * digitWidth
    // Both fit only where the picture is wide enough.
    if canvas.width >= width + 2 * digitWidth {
      write(most, on: &canvas, left: canvas.width - width, top: baseline)
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
