import Imaging

/// How a fixture's picture is made: a source, then what is done to it.
///
/// The same integer arithmetic as in `Scripts/fixtures/metrics.py`.
struct PictureRecipe: Decodable, Sendable {
  /// A word and its numbers, such as `["add_noise", 10, 7]`.
  struct Step: Decodable, Sendable {
    let kind: String
    let values: [Int]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      kind = try container.decode(String.self)
      var values: [Int] = []
      while !container.isAtEnd { values.append(try container.decode(Int.self)) }
      self.values = values
    }
  }

  let steps: [Step]

  init(from decoder: any Decoder) throws {
    steps = try decoder.singleValueContainer().decode([Step].self)
  }

  /// Makes the picture.
  func image(width: Int, height: Int, channels: Int) throws -> Image {
    var canvas = Canvas(width: width, height: height, channels: channels)
    for step in steps { try canvas.apply(step) }
    return Image(
      width: width, height: height, colorModel: channels == 1 ? .gray : .rgb,
      samples: canvas.samples.map { UInt8($0) })
  }
}

/// A recipe that this file does not know.
struct UnknownStep: Error {
  let kind: String
}

/// FNV-1a, 64 bits.
func checksum(_ bytes: [UInt8]) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// The output function of SplitMix64.
private func scramble(_ index: Int) -> UInt64 {
  var z = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// Samples that are being worked on.
private struct Canvas {
  let width: Int
  let height: Int
  let channels: Int
  var samples: [Int]

  init(width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
    samples = Array(repeating: 0, count: width * height * channels)
  }

  mutating func apply(_ step: PictureRecipe.Step) throws {
    let values = step.values
    switch step.kind {
    case "texture": samples = grid { texture(seed: values[0], $0, $1, $2) }
    case "noise": samples = noise(seed: values[0])
    case "checkerboard": samples = grid { (row, column, _) in (row + column) % 2 * 255 }
    case "constant": samples = grid { (_, _, channel) in values[channel] }
    case "invert": samples = samples.map { 255 - $0 }
    case "add": samples = samples.map { clamp($0 + values[0]) }
    case "add_noise":
      let amplitude = values[0]
      samples = zip(samples, noise(seed: values[1])).map {
        clamp($0 + $1 % (2 * amplitude + 1) - amplitude)
      }
    case "quantize_blocks": quantizeBlocks(step: values[0])
    case "flip_sample":
      let index = (values[0] * width + values[1]) * channels
      samples[index] = 255 - samples[index]
    default: throw UnknownStep(kind: step.kind)
    }
  }

  private func clamp(_ value: Int) -> Int { min(max(value, 0), 255) }

  private func grid(_ value: (_ row: Int, _ column: Int, _ channel: Int) -> Int) -> [Int] {
    samples.indices.map { index in
      let pixel = index / channels
      return value(pixel / width, pixel % width, index % channels)
    }
  }

  private func noise(seed: Int) -> [Int] {
    samples.indices.map { Int(scramble(seed << 32 + $0) >> 56) }
  }

  private func texture(seed: Int, _ y: Int, _ x: Int, _ channel: Int) -> Int {
    var total = 0
    for (octave, spacing, weight) in [(0, 32, 4), (1, 8, 3), (2, 2, 1)] {
      let base = ((seed * 4 + channel) * 8 + octave) << 32
      let corner = base + (y / spacing) << 16 + x / spacing
      let fx = x % spacing
      let fy = y % spacing
      let upper = (spacing - fx) * latticeByte(corner) + fx * latticeByte(corner + 1)
      let below = corner + 1 << 16
      let lower = (spacing - fx) * latticeByte(below) + fx * latticeByte(below + 1)
      total += weight * (((spacing - fy) * upper + fy * lower) / (spacing * spacing))
    }
    return clamp(2 * (total / 8) - 128)
  }

  private func latticeByte(_ index: Int) -> Int { Int(scramble(index) >> 56) }

  private mutating func quantizeBlocks(step: Int) {
    for top in stride(from: 0, to: height, by: 8) {
      for left in stride(from: 0, to: width, by: 8) {
        for channel in 0..<channels {
          quantizeBlock(
            rows: top..<min(top + 8, height), columns: left..<min(left + 8, width),
            channel: channel, step: step)
        }
      }
    }
  }

  private mutating func quantizeBlock(
    rows: Range<Int>, columns: Range<Int>, channel: Int, step: Int
  ) {
    let indices = rows.flatMap { row in
      columns.map { (row * width + $0) * channels + channel }
    }
    let mean = indices.reduce(0) { $0 + samples[$1] } / indices.count
    for index in indices {
      let difference = samples[index] - mean
      let distance = (abs(difference) + step / 2) / step * step
      samples[index] = clamp(mean + difference.signum() * distance)
    }
  }
}
