import Imaging
import Statistics

/// A picture that rdbench draws itself, the same on every machine.
public struct SyntheticImage: Sendable, Equatable {
  /// What there is to draw.
  enum Subject: String, CaseIterable {
    case deadLeaves = "dead-leaves"
    case texturedLeaves = "textured-leaves"
    case noise = "noise"
    case gradients = "gradients"
    case zonePlate = "zone-plate"
    case text = "text"
    case patches = "patches"
    case sky = "sky"
    case grayLeaves = "gray-leaves"
  }

  private let subject: Subject
  private let seed: UInt64

  /// Looks a picture up by its name in the manifest, or `nil` when there is none.
  init?(named name: String, seed: UInt64) {
    guard let subject = Subject(rawValue: name) else { return nil }
    self.subject = subject
    self.seed = seed
  }

  /// Draws the picture.
  ///
  /// - Complexity: proportional to the number of pixels; 20 ms at most in a release build.
  func draw() -> Image {
    var random = RandomSource(seed: seed, name: subject.rawValue)
    let (width, height) = size
    var canvas = Canvas(width: width, height: height)
    switch subject {
    case .deadLeaves, .grayLeaves:
      DeadLeaves.cover(&canvas, coverage: 6, &random)
    case .texturedLeaves:
      let texture = FractalNoise(width: 512, height: 512, octaves: 0...7, &random)
      DeadLeaves.cover(&canvas, coverage: 6, texture: texture, contrast: 16, &random)
    case .noise:
      drawNoise(on: &canvas, &random)
    case .gradients:
      Patterns.gradients(on: &canvas)
    case .zonePlate:
      Patterns.zonePlate(on: &canvas)
    case .text:
      PseudoText.write(on: &canvas, &random)
    case .patches:
      Patterns.patches(on: &canvas, &random)
    case .sky:
      Patterns.sky(on: &canvas, &random)
    }
    return canvas.image(colorModel)
  }

  /// What the picture will be.
  var header: ImageHeader {
    ImageHeader(width: size.width, height: size.height, colorModel: colorModel)
  }

  /// Width and height in pixels: no side is below 161, where MS-SSIM ends.
  private var size: (width: Int, height: Int) {
    switch subject {
    case .deadLeaves: (512, 384)
    case .texturedLeaves: (384, 512)
    case .noise: (401, 301)
    case .gradients: (448, 336)
    case .zonePlate: (385, 385)
    case .text: (479, 359)
    case .patches: (255, 191)
    case .sky: (511, 287)
    case .grayLeaves: (257, 193)
    }
  }

  private var colorModel: Image.ColorModel {
    switch subject {
    case .zonePlate, .grayLeaves: .gray
    default: .rgb
    }
  }

  /// Draws 1/f noise: much of it common to the three channels, as in photographs.
  private func drawNoise(on canvas: inout Canvas, _ random: inout RandomSource) {
    func field() -> FractalNoise {
      FractalNoise(
        width: canvas.width, height: canvas.height, octaves: 0...8, &random)
    }
    let (light, warmth, tint) = (field(), field(), field())
    canvas.fill { x, y in
      let (base, warm, tinted) = (
        128 + 48 * light.value(x, y), 14 * warmth.value(x, y), 8 * tint.value(x, y)
      )
      return SyntheticColor(base + warm, base + tinted, base - warm - tinted)
    }
  }
}
