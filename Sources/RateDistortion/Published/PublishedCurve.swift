/// A curve that somebody else published: means over a set, without the images behind them.
public struct PublishedCurve: Hashable, Sendable {
  /// How the rates of a curve were taken.
  public enum RateKind: String, Hashable, Sendable, CaseIterable {
    /// From the sizes of files that a decoder can read.
    case actual
    /// From an entropy, which no file reaches and which has no header.
    case estimated
    /// The source does not say.
    case unstated
  }

  /// What the authors call it.
  public let label: String
  /// The dataset, or empty where the file does not say.
  public let dataset: String
  /// The file, where the same curve comes from two; empty otherwise.
  public var source = ""
  /// Points in the order of the file, by the id of the measure that they were published in.
  public let points: [String: [RatePoint]]
  /// How the rates were taken.
  public let rateKind: RateKind

  /// Makes a curve.
  public init(
    label: String, dataset: String = "", points: [String: [RatePoint]],
    rateKind: RateKind = .unstated
  ) {
    self.label = label
    self.dataset = dataset
    self.points = points
    self.rateKind = rateKind
  }

  /// What stands behind the name in tables and legends: `published`, and whether the rate is an
  /// estimate.
  public var remark: String {
    rateKind == .estimated ? "published, estimated rate" : "published"
  }

  /// What a figure knows the curve by.
  public var key: CurveKey { CurveKey(codec: label, dataset: dataset, source: source) }

  /// The curve for a measure, or `nil` where it was not published.
  ///
  /// Decibels of SSIM and MS-SSIM follow from published means. Nothing else is converted: the PSNR of
  /// the mean MSE, for one, does not follow from the mean PSNR.
  public func curve(for measure: QualityMeasure) -> RateCurve? {
    if let points = points[measure.id] {
      return RateCurve(key: key, points: points, imageCount: 0)
    }
    guard measure.derivation == .decibelsBelowOne, let means = points[measure.column] else {
      return nil
    }
    let points = means.map {
      RatePoint(rate: $0.rate, score: measure.score(ofMean: $0.score.value), imageCount: 0)
    }
    return RateCurve(key: key, points: points.filter { $0.score.value.isFinite }, imageCount: 0)
  }
}

/// Why a file of published curves could not be read.
public struct PublishedCurveError: Error, Hashable, Sendable {
  /// One sentence without a file name or full stop.
  public let message: String
}
