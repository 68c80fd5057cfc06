import Imaging

/// Pictures that behave as photographs do: overlapping discs with shading, and a little noise.
package enum TestPicture {
  /// A picture of discs, the same for the same arguments.
  package static func discs(
    width: Int, height: Int, colorModel: Image.ColorModel = .rgb, seed: UInt64 = 1
  ) -> Image {
    var generator = SeededGenerator(seed: seed)
    let channelCount = colorModel.channelCount
    var samples = [UInt8](repeating: 0, count: width * height * channelCount)
    let discs = (0..<40).map { _ in Disc(width: width, height: height, using: &generator) }
    for y in 0..<height {
      for x in 0..<width {
        let disc = discs.last { $0.contains(x, y) }
        let noise = Int.random(in: -3...3, using: &generator)
        for channel in 0..<channelCount {
          let value = disc.map { $0.color[channel] + ($0.slope * (x - $0.x)) / 16 } ?? 128
          samples[(y * width + x) * channelCount + channel] = UInt8(clamping: value + noise)
        }
      }
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }

  /// A picture of one value.
  package static func constant(
    _ value: UInt8, width: Int, height: Int, colorModel: Image.ColorModel = .rgb
  ) -> Image {
    Image(
      width: width, height: height, colorModel: colorModel,
      samples: Array(repeating: value, count: width * height * colorModel.channelCount))
  }

  private struct Disc {
    let x: Int
    let y: Int
    let radius: Int
    let color: [Int]
    let slope: Int

    init(width: Int, height: Int, using generator: inout SeededGenerator) {
      x = Int.random(in: 0..<width, using: &generator)
      y = Int.random(in: 0..<height, using: &generator)
      radius = Int.random(in: 1...max(2, max(width, height) / 4), using: &generator)
      // Colours of one hue family, as in most photographs, so that chroma is coded cheaply.
      let luma = Int.random(in: 20...220, using: &generator)
      color = (0..<3).map { _ in luma + Int.random(in: -20...20, using: &generator) }
      slope = Int.random(in: -8...8, using: &generator)
    }

    func contains(_ px: Int, _ py: Int) -> Bool {
      (px - x) * (px - x) + (py - y) * (py - y) <= radius * radius
    }
  }
}

/// Mean squared error over all samples; an RGB result of a grey original is taken to grey first.
package func meanSquaredError(_ decoded: Image, _ original: Image) -> Double {
  let decoded = original.colorModel == .gray ? decoded.asGray() : decoded
  let sum = zip(decoded.samples, original.samples).reduce(0) {
    $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1))
  }
  return Double(sum) / Double(original.samples.count)
}
