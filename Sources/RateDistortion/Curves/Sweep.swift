/// What came of one image at one setting.
public enum Outcome: Hashable, Sendable {
  /// Coded, decoded and scored: the rate, and the value of a column of the results.
  case scored(BitsPerPixel, column: Double)
  /// Coded and decoded, but the metric does not apply, as MS-SSIM to a small image.
  case notApplicable
  /// The codec failed.
  case failed
}

/// One image at one quality setting.
public struct SweepMeasurement: Hashable, Sendable {
  /// The image's path inside its dataset.
  public let image: String
  /// Width times height.
  public let pixelCount: Int
  /// The codec's quality setting, or `nil` for a codec without a knob.
  public let quality: Double?
  /// What came of it.
  public let outcome: Outcome
  /// Whether the decoded image equals the original, sample for sample.
  public let isLossless: Bool

  /// Makes a measurement.
  public init(
    image: String, pixelCount: Int, quality: Double?, outcome: Outcome, isLossless: Bool = false
  ) {
    self.image = image
    self.pixelCount = pixelCount
    self.quality = quality
    self.outcome = outcome
    self.isLossless = isLossless
  }
}

/// Results that no curve can be made of.
public struct SweepError: Error, Hashable, Sendable {
  /// One sentence without a full stop.
  public let message: String
}

/// How images of different sizes share in a mean.
public enum Weighting: String, Hashable, Sendable, CaseIterable {
  /// Each image counts the same: the usual mean over a set.
  case images
  /// Each pixel counts the same, so that the mean rate is all bits over all pixels.
  case pixels
}

/// All measurements of one configuration for one column of the results.
public struct Sweep: Sendable {
  /// The configuration.
  public let key: CurveKey
  /// The quality settings in the order of the sweep.
  public let settings: [Double?]
  /// The images in the order of the dataset.
  public let images: [String]
  /// The images that were scored at every setting.
  public let completeImages: [String]
  /// Whether there are measurements, and all that finished gave the original back.
  public let isLossless: Bool

  private let measurements: [String: [Double?: SweepMeasurement]]

  /// Collects the measurements of one configuration.
  ///
  /// - Parameters:
  ///   - key: the configuration.
  ///   - list: any number of measurements, in the plan's order.
  /// - Throws: ``SweepError`` when an image was measured twice at one setting.
  public init(key: CurveKey, measurements list: [SweepMeasurement]) throws(SweepError) {
    var settings: [Double?] = []
    var images: [String] = []
    var byImage: [String: [Double?: SweepMeasurement]] = [:]
    var seen: Set<Double?> = []
    for measurement in list {
      if seen.insert(measurement.quality).inserted { settings.append(measurement.quality) }
      if byImage[measurement.image] == nil { images.append(measurement.image) }
      let previous = byImage[measurement.image, default: [:]]
        .updateValue(measurement, forKey: measurement.quality)
      guard previous == nil else {
        let setting = measurement.quality.map { "at quality \($0)" } ?? "without a quality"
        throw SweepError(
          message: "\(key.codec) measured \(measurement.image) twice \(setting); "
            + "keep one of the two rows")
      }
    }
    self.key = key
    self.settings = settings
    self.images = images
    self.measurements = byImage
    completeImages = images.filter { image in
      settings.allSatisfy { setting in
        if case .scored = byImage[image]?[setting]?.outcome { true } else { false }
      }
    }
    let finished = list.filter { $0.outcome != .failed }
    isLossless = !finished.isEmpty && finished.allSatisfy(\.isLossless)
  }

  /// Whether any measurement has a value for the column.
  public var hasScores: Bool {
    measurements.values.contains { settings in
      settings.values.contains { if case .scored = $0.outcome { true } else { false } }
    }
  }

  /// One image's own curve: the settings at which it was scored.
  ///
  /// Infinite scores stay in: what to do about them is the reader's choice.
  public func curve(of image: String, measure: QualityMeasure) -> RateCurve {
    let points = settings.compactMap { setting -> RatePoint? in
      guard case .scored(let rate, let value) = measurements[image]?[setting]?.outcome else {
        return nil
      }
      return RatePoint(rate: rate, score: measure.score(ofMean: value), quality: setting)
    }
    return RateCurve(key: key, points: points)
  }

  /// The images that this sweep and another one both finished, in the order of the other.
  func completeImages(sharedWith other: Sweep) -> [String] {
    let own = Set(completeImages)
    return other.completeImages.filter(own.contains)
  }

  /// What came of an image at a setting, or `nil` where it was not measured.
  func measurement(of image: String, at setting: Double?) -> SweepMeasurement? {
    measurements[image]?[setting]
  }
}
