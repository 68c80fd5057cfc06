/// A rate: bits of everything the decoder needs, divided by the number of pixels.
///
/// Rates and scores are different types, so that exchanging the axes does not compile.
public struct BitsPerPixel: Hashable, Comparable, Sendable {
  /// The rate in bits per pixel, finite and not negative.
  public let value: Double

  /// Wraps a rate.
  ///
  /// - Precondition: `value` is finite and not negative.
  public init(_ value: Double) {
    precondition(value.isFinite && value >= 0, "a rate is a finite number of bits")
    self.value = value
  }

  /// Whether one rate is lower than the other.
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// A score on the scale of one ``QualityMeasure``; infinite for a lossless picture's decibels.
public struct Score: Hashable, Comparable, Sendable {
  /// The score in the measure's unit, never NaN.
  public let value: Double

  /// Wraps a score.
  ///
  /// - Precondition: `value` is not NaN.
  public init(_ value: Double) {
    precondition(!value.isNaN, "a score is a number")
    self.value = value
  }

  /// Whether one score is lower than the other.
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// One point of a rate-distortion curve: an image at one setting, or the mean over images.
public struct RatePoint: Hashable, Sendable {
  /// The horizontal axis.
  public let rate: BitsPerPixel
  /// The vertical axis.
  public let score: Score
  /// The codec's quality setting, or `nil` where there is none or it is not known.
  public let quality: Double?
  /// How many images the point is the mean of, 0 where it is not known.
  public let imageCount: Int
  /// How many further images were left out of this point because their score is infinite.
  public let infiniteCount: Int

  /// Makes a point.
  public init(
    rate: BitsPerPixel, score: Score, quality: Double? = nil, imageCount: Int = 1,
    infiniteCount: Int = 0
  ) {
    self.rate = rate
    self.score = score
    self.quality = quality
    self.imageCount = imageCount
    self.infiniteCount = infiniteCount
  }
}
