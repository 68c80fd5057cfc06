/// An 8-bit picture, grey or RGB, as every codec takes it and every metric sees it.
///
/// Samples are plain numbers from 0 to 255 in interleaved, row-major order: row by row from the
/// top, pixel by pixel from the left, channel by channel. No colour management takes place.
public struct Image: Sendable, Equatable {
  /// How many samples a pixel has and what they mean.
  public enum ColorModel: Int, Sendable, CaseIterable {
    /// One sample per pixel.
    case gray = 1
    /// Red, green and blue, in this order.
    case rgb = 3

    /// The number of samples per pixel.
    public var channelCount: Int { rawValue }
  }

  /// Width in pixels, at least 1.
  public let width: Int
  /// Height in pixels, at least 1.
  public let height: Int
  /// Grey or RGB.
  public let colorModel: ColorModel
  /// The `width * height * channelCount` samples, interleaved and row-major.
  public let samples: [UInt8]

  /// Makes a picture from its samples.
  ///
  /// - Precondition: `width` and `height` are positive and `samples` has exactly
  ///   `width * height * colorModel.channelCount` elements.
  public init(width: Int, height: Int, colorModel: ColorModel, samples: [UInt8]) {
    precondition(width > 0 && height > 0, "an image has at least one pixel")
    precondition(
      samples.count == width * height * colorModel.channelCount,
      "an image needs width × height × channels samples")
    self.width = width
    self.height = height
    self.colorModel = colorModel
    self.samples = samples
  }

  /// The number of samples per pixel, 1 or 3.
  public var channelCount: Int { colorModel.channelCount }

  /// The number of pixels, the denominator of bits per pixel.
  public var pixelCount: Int { width * height }
}
