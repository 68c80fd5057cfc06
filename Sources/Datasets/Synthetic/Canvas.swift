import Imaging
import Statistics

/// Red, green and blue from 0 to 255, not yet rounded.
struct SyntheticColor {
  var red, green, blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  init(gray: Double) { self.init(gray, gray, gray) }

  /// A colour as photographs have them: any lightness, and a moderate tint.
  static func natural(_ random: inout RandomSource) -> SyntheticColor {
    let lightness = random.number(in: 25..<225)
    let warmth = random.number(in: -45..<45)
    let tint = random.number(in: -20..<20)
    return SyntheticColor(lightness + warmth, lightness + tint, lightness - warmth - tint)
  }

  static func + (left: SyntheticColor, right: Double) -> SyntheticColor {
    SyntheticColor(left.red + right, left.green + right, left.blue + right)
  }

  /// The mixture of two colours: `fraction` of the other one.
  func mixed(with other: SyntheticColor, _ fraction: Double) -> SyntheticColor {
    SyntheticColor(
      red + (other.red - red) * fraction, green + (other.green - green) * fraction,
      blue + (other.blue - blue) * fraction)
  }
}

/// A picture while it is drawn, in floating point.
///
/// Everything drawn uses only + − × ÷ √ and comparisons of IEEE doubles, each rounded by itself:
/// Swift never fuses a multiplication with an addition on its own. So the same numbers come out on
/// every processor, in debug and in release builds.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [SyntheticColor]

  init(width: Int, height: Int, background: SyntheticColor = SyntheticColor(gray: 128)) {
    self.width = width
    self.height = height
    pixels = [SyntheticColor](repeating: background, count: width * height)
  }

  subscript(x: Int, y: Int) -> SyntheticColor {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }

  /// Sets every pixel.
  mutating func fill(_ color: (_ x: Int, _ y: Int) -> SyntheticColor) {
    for y in 0..<height { for x in 0..<width { self[x, y] = color(x, y) } }
  }

  /// Fills the part of a rectangle that lies on the canvas.
  mutating func fill(x: Range<Int>, y: Range<Int>, _ color: SyntheticColor) {
    for row in y.clamped(to: 0..<height) {
      for column in x.clamped(to: 0..<width) { self[column, row] = color }
    }
  }

  /// The picture, rounded to the nearest of 256 levels; a grey one takes the green channel.
  func image(_ colorModel: Image.ColorModel) -> Image {
    var samples: [UInt8] = []
    samples.reserveCapacity(pixels.count * colorModel.channelCount)
    for pixel in pixels {
      switch colorModel {
      case .gray:
        samples.append(Self.level(pixel.green))
      case .rgb:
        samples.append(Self.level(pixel.red))
        samples.append(Self.level(pixel.green))
        samples.append(Self.level(pixel.blue))
      }
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }

  private static func level(_ value: Double) -> UInt8 { UInt8(min(max(value, 0), 255) + 0.5) }
}
