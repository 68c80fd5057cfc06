extension Sweep {
  /// The curve of the means over images at constant quality setting.
  ///
  /// An infinite value, as the PSNR of a losslessly coded image, would make the mean infinite; such
  /// an image is left out of that point, rate and score alike, and counted in
  /// ``RatePoint/infiniteCount``. A point without a finite score is dropped.
  ///
  /// - Parameters:
  ///   - images: some of ``completeImages``.
  ///   - measure: what the curve shows.
  ///   - weighting: how images of different sizes share in the means of rate and column.
  public func meanCurve(
    over images: [String], measure: QualityMeasure, weighting: Weighting = .images
  ) -> RateCurve {
    SweepTable(self, images: images, measure: measure, weighting: weighting)
      .meanCurve(counts: Array(repeating: 1, count: images.count))
  }
}

/// The numbers of a sweep as columns, from which the means over any choice of images come fast.
struct SweepTable {
  /// One setting: what each image that was scored adds to the means.
  private struct Setting {
    let quality: Double?
    var images: [Int] = []
    var rates: [Double] = []
    var columns: [Double] = []
    var weights: [Double] = []
    /// The images whose value is infinite.
    var infiniteImages: [Int] = []
  }

  private let key: CurveKey
  private let measure: QualityMeasure
  private let settings: [Setting]

  /// Takes the numbers of some images.
  init(_ sweep: Sweep, images: [String], measure: QualityMeasure, weighting: Weighting) {
    key = sweep.key
    self.measure = measure
    settings = sweep.settings.map { quality in
      var setting = Setting(quality: quality)
      for (index, image) in images.enumerated() {
        guard let measurement = sweep.measurement(of: image, at: quality),
          case .scored(let rate, let column) = measurement.outcome
        else { continue }
        guard column.isFinite else {
          setting.infiniteImages.append(index)
          continue
        }
        setting.images.append(index)
        setting.rates.append(rate.value)
        setting.columns.append(column)
        setting.weights.append(weighting == .pixels ? Double(measurement.pixelCount) : 1)
      }
      return setting
    }
  }

  /// The curve of the means in which each image counts as often as `counts` says.
  ///
  /// - Parameter counts: a whole number from 0 for each image, in the order of the images.
  func meanCurve(counts: [Double]) -> RateCurve {
    RateCurve(
      key: key, points: settings.compactMap { Self.mean($0, counts: counts, measure: measure) },
      imageCount: Int(counts.reduce(0, +)))
  }

  private static func mean(
    _ setting: Setting, counts: [Double], measure: QualityMeasure
  ) -> RatePoint? {
    var (rate, column, weights, imageCount) = (0.0, 0.0, 0.0, 0.0)
    for (position, image) in setting.images.enumerated() {
      let weight = setting.weights[position] * counts[image]
      rate += weight * setting.rates[position]
      column += weight * setting.columns[position]
      weights += weight
      imageCount += counts[image]
    }
    guard imageCount > 0 else { return nil }
    let score = measure.score(ofMean: column / weights)
    guard score.value.isFinite else { return nil }
    let infiniteCount = setting.infiniteImages.reduce(0) { $0 + counts[$1] }
    return RatePoint(
      rate: BitsPerPixel(rate / weights), score: score, quality: setting.quality,
      imageCount: Int(imageCount), infiniteCount: Int(infiniteCount))
  }
}
