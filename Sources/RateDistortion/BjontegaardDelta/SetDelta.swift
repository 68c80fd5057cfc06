/// How far one codec's curves lie from another's over a set of images.
///
/// The main figure is the mean of the images' own distances with a bootstrap interval over the
/// images. The distance of the two mean curves, which depends on how the settings of the codecs
/// spread over the images, is a second figure with its own name.
public struct SetDelta: Sendable {
  /// Which distance.
  public enum Kind: Hashable, Sendable {
    /// Per cent of rate at equal quality.
    case rate
    /// Units of the score at equal rate.
    case quality

    fileprivate func distance(
      _ test: RateCurve, _ anchor: RateCurve, _ interpolation: Interpolation
    ) -> BjontegaardDelta.Outcome {
      switch self {
      case .rate:
        BjontegaardDelta.rate(of: test, against: anchor, interpolation: interpolation)
      case .quality:
        BjontegaardDelta.quality(of: test, against: anchor, interpolation: interpolation)
      }
    }
  }

  /// One image's distance.
  public struct ImageDelta: Hashable, Sendable {
    /// The image's path inside its dataset.
    public let image: String
    /// The distance, or why there is none.
    public let outcome: BjontegaardDelta.Outcome
  }

  /// The configuration that is compared.
  public let test: CurveKey
  /// The configuration that it is compared with.
  public let anchor: CurveKey
  /// Each image that both finished at every setting.
  public let images: [ImageDelta]
  /// Images that one of the two did not finish.
  public let leftOutImages: [String]
  /// The mean over the images that have a distance, or `nil` when none has.
  public let mean: Double?
  /// The 95 % interval of ``mean``, or `nil` with fewer than two images.
  public let interval: ClosedRange<Double>?
  /// The distance of the curves of the means over images at constant quality setting.
  public let meanCurves: BjontegaardDelta.Outcome

  /// Whether the test curve was published, so that only ``meanCurves`` can be known.
  public let isPublished: Bool

  /// How many images have a distance.
  public var valueCount: Int { images.count { $0.outcome.value != nil } }

  /// The mean overlap of the images that have a distance, or `nil` when none has.
  public var meanOverlap: Double? {
    let overlaps = images.compactMap(\.outcome.value?.overlap)
    return overlaps.isEmpty ? nil : overlaps.reduce(0, +) / Double(overlaps.count)
  }

  /// How many points were dropped over all images.
  public var droppedPoints: Int {
    images.compactMap(\.outcome.value?.droppedPoints).reduce(0, +)
  }

  /// Compares two sweeps of one dataset.
  ///
  /// - Parameters:
  ///   - test: the configuration that is compared.
  ///   - anchor: the configuration that it is compared with.
  ///   - kind: whether the distance is in rate or in quality.
  ///   - measure: the vertical axis; a larger figure is better.
  ///   - interpolation: how curves are drawn through their points.
  ///   - weighting: how images of different sizes share in the mean curves.
  /// - Precondition: `measure.higherIsBetter`.
  public init(
    of test: Sweep, against anchor: Sweep, kind: Kind, measure: QualityMeasure,
    interpolation: Interpolation = .pchip, weighting: Weighting = .images
  ) {
    precondition(measure.higherIsBetter, "a distance needs a measure that grows with quality")
    let common = test.completeImages(sharedWith: anchor)
    self.test = test.key
    self.anchor = anchor.key
    images = common.map {
      ImageDelta(
        image: $0,
        outcome: kind.distance(
          test.curve(of: $0, measure: measure), anchor.curve(of: $0, measure: measure),
          interpolation))
    }
    leftOutImages = Set(anchor.images + test.images).subtracting(common).sorted()
    let values = images.compactMap(\.outcome.value?.delta)
    mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    interval = Bootstrap.interval(ofMean: values)
    meanCurves = kind.distance(
      test.meanCurve(over: common, measure: measure, weighting: weighting),
      anchor.meanCurve(over: common, measure: measure, weighting: weighting), interpolation)
    isPublished = false
  }

  /// Compares a published curve with a sweep over all images that the sweep finished.
  ///
  /// The images behind the published means are not known, so there is no mean of the images' own
  /// distances and no interval.
  ///
  /// - Precondition: `measure.higherIsBetter`.
  public init(
    ofPublished test: RateCurve, against anchor: Sweep, kind: Kind, measure: QualityMeasure,
    interpolation: Interpolation = .pchip, weighting: Weighting = .images
  ) {
    precondition(measure.higherIsBetter, "a distance needs a measure that grows with quality")
    self.test = test.key
    self.anchor = anchor.key
    images = []
    leftOutImages = []
    mean = nil
    interval = nil
    meanCurves = kind.distance(
      test,
      anchor.meanCurve(over: anchor.completeImages, measure: measure, weighting: weighting),
      interpolation)
    isPublished = true
  }
}
