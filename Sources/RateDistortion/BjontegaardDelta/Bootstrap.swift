import Statistics

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
}
