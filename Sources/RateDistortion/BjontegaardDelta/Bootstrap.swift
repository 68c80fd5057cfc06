/// Confidence intervals by resampling.
public enum Bootstrap {
  /// How often all images are drawn anew.
  public static let resampleCount = 2000
  /// The part of the resampled figures inside an interval.
  public static let confidence = 0.95
  /// The generator's start.
  public static let seed: UInt64 = 0x5244_4245_4E43_48

  /// The percentile interval of a mean (Efron and Tibshirani 1993, chapter 13).
  ///
  /// Images are drawn with replacement. A paired comparison resamples the images' differences, so
  /// both codecs always see the same images. The generator is part of the definition: the same
  /// values and seed give the same interval everywhere.
  ///
  /// - Parameters:
  ///   - values: one number for each image.
  ///   - confidence: the part of the resampled means inside the interval, between 0 and 1.
  ///   - resamples: how many times all images are drawn anew, at least 1.
  ///   - seed: the generator's start.
  /// - Returns: the interval, or `nil` for fewer than two values.
  public static func interval(
    ofMean values: [Double], confidence: Double = confidence, resamples: Int = resampleCount,
    seed: UInt64 = seed
  ) -> ClosedRange<Double>? {
    interval(of: values, confidence, resamples, seed) { $0.reduce(0, +) / Double($0.count) }
  }

  /// The percentile interval of a median, which single outliers do not move.
  ///
  /// The parameters are those of ``interval(ofMean:confidence:resamples:seed:)``.
  ///
  /// - Returns: the interval, or `nil` for fewer than two values.
  public static func interval(
    ofMedian values: [Double], confidence: Double = confidence, resamples: Int = resampleCount,
    seed: UInt64 = seed
  ) -> ClosedRange<Double>? {
    interval(of: values, confidence, resamples, seed, statistic: median)
  }

  /// The middle of some numbers: the mean of the middle two where their count is even.
  ///
  /// - Precondition: there is a number.
  public static func median(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "a median is of numbers")
    return quantile(0.5, of: values.sorted())
  }

  private static func interval(
    of values: [Double], _ confidence: Double, _ resamples: Int, _ seed: UInt64,
    statistic: ([Double]) -> Double
  ) -> ClosedRange<Double>? {
    guard values.count > 1 else { return nil }
    var generator = SplitMix64(state: seed)
    var drawn = values
    let figures = (0..<resamples).map { _ -> Double in
      for index in drawn.indices { drawn[index] = values[generator.next(below: values.count)] }
      return statistic(drawn)
    }
    return percentileInterval(of: figures, confidence: confidence)
  }

  /// How often each image is drawn in each resample, from the draws of the interval of a mean.
  ///
  /// All curves over the same images see the same draws, which makes their comparison a paired one.
  static func counts(imageCount: Int) -> [[Double]] {
    var generator = SplitMix64(state: seed)
    return (0..<resampleCount).map { _ in
      var counts = [Double](repeating: 0, count: imageCount)
      for _ in 0..<imageCount { counts[generator.next(below: imageCount)] += 1 }
      return counts
    }
  }

  /// The percentile interval of resampled figures, in any order.
  static func percentileInterval(
    of figures: [Double], confidence: Double = confidence
  ) -> ClosedRange<Double> {
    let sorted = figures.sorted()
    let tail = (1 - confidence) / 2
    return quantile(tail, of: sorted)...quantile(1 - tail, of: sorted)
  }

  /// A quantile of sorted numbers, interpolated linearly between neighbours.
  private static func quantile(_ fraction: Double, of sorted: [Double]) -> Double {
    let position = fraction * Double(sorted.count - 1)
    let index = Int(position)
    guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct SplitMix64 {
  var state: UInt64

  /// The next 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to but not including `bound`, each equally likely (Lemire 2019).
  mutating func next(below bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    let threshold = (0 &- bound) % bound
    while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    return Int(product.high)
  }
}
