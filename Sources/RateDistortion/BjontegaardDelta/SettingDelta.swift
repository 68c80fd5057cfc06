import Foundation

/// How far two measurements of one configuration lie apart at one quality setting.
///
/// A Bjøntegaard delta needs curves; this needs one point of each image. The images are paired, and
/// the intervals are bootstraps over them. A change in rate and one in score are two numbers: where
/// they point in different directions, as fewer bits at a lower score, one setting cannot say which
/// codec is the better.
public struct SettingDelta: Hashable, Sendable {
  /// The quality setting, or `nil` for a codec without a knob.
  public let quality: Double?
  /// The images that both sides scored.
  public let images: [String]
  /// Per cent of rate, from the mean of the logarithms of the images' ratios.
  public let rate: Double
  /// The 95 % interval of ``rate``, or `nil` with fewer than two images.
  public let rateInterval: ClosedRange<Double>?
  /// The mean change of the score over the images whose scores are finite, 0 where there is none.
  public let score: Double
  /// The 95 % interval of ``score``, or `nil` with fewer than two such images.
  public let scoreInterval: ClosedRange<Double>?
  /// Images whose score was infinite in the anchor and is finite now: no longer lossless.
  public let lossyImages: [String]
  /// Images whose score was finite in the anchor and is infinite now.
  public let losslessImages: [String]

  /// Compares two sweeps of one configuration at each setting that both have.
  ///
  /// - Returns: one figure for each setting with an image that both scored, in the anchor's order.
  public static func deltas(
    of test: Sweep, against anchor: Sweep, over images: [String], measure: QualityMeasure
  ) -> [SettingDelta] {
    let pairs = images.map { image in
      (
        image: image, test: points(of: test, image, measure),
        anchor: points(of: anchor, image, measure)
      )
    }
    return anchor.settings.compactMap { setting in
      let found = pairs.compactMap { pair in
        pair.test[setting].flatMap { test in
          pair.anchor[setting].map { Pair(image: pair.image, test: test, anchor: $0) }
        }
      }
      return found.isEmpty ? nil : SettingDelta(quality: setting, pairs: found)
    }
  }

  private struct Pair {
    let image: String
    let test: RatePoint
    let anchor: RatePoint
  }

  private static func points(
    of sweep: Sweep, _ image: String, _ measure: QualityMeasure
  ) -> [Double?: RatePoint] {
    let points = sweep.curve(of: image, measure: measure).points
    return Dictionary(points.map { ($0.quality, $0) }) { first, _ in first }
  }

  private init(quality: Double?, pairs: [Pair]) {
    let ratios = pairs.filter { $0.test.rate.value > 0 && $0.anchor.rate.value > 0 }
      .map { log($0.test.rate.value / $0.anchor.rate.value) }
    let finite = pairs.filter { $0.test.score.value.isFinite && $0.anchor.score.value.isFinite }
    let changes = finite.map { $0.test.score.value - $0.anchor.score.value }
    func percent(_ logarithm: Double) -> Double { 100 * expm1(logarithm) }
    self.quality = quality
    images = pairs.map(\.image)
    rate = percent(Self.mean(ratios))
    rateInterval = Bootstrap.interval(ofMean: ratios).map {
      percent($0.lowerBound)...percent($0.upperBound)
    }
    score = Self.mean(changes)
    scoreInterval = Bootstrap.interval(ofMean: changes)
    lossyImages = pairs.filter { $0.anchor.score.value.isInfinite && $0.test.score.value.isFinite }
      .map(\.image)
    losslessImages = pairs.filter {
      $0.anchor.score.value.isFinite && $0.test.score.value.isInfinite
    }.map(\.image)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
