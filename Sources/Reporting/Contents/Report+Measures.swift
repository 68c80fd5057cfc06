import ImageMetrics
import RateDistortion
import Results

extension Report {
  /// A vertical axis, with the curves and the differences on it.
  public struct Measure: Encodable, Sendable {
    let id: String
    let name: String
    let axisLabel: String
    let imageAxisLabel: String
    let unit: String
    let digits: Int
    let higherIsBetter: Bool
    /// Whether the captions of pictures name the score.
    let isShownWithPictures: Bool
    let notes: [String]
    let curves: [DrawnCurve]
    var differences: [Differences] = []
  }

  /// The points of a curve: rate, score, quality (`null` where unknown) and number of images.
  public struct DrawnCurve: Encodable, Sendable {
    let curve: Int
    let points: [[Double?]]
  }

  /// What the other configurations need against one of them.
  public struct Differences: Encodable, Sendable {
    let anchor: Int
    let lines: [Difference]

    /// Collects the lines of an anchor, which is the position of a curve.
    public init(anchor: Int, lines: [Difference]) {
      self.anchor = anchor
      self.lines = lines
    }
  }

  /// One configuration against the anchor.
  public struct Difference: Encodable, Sendable {
    let curve: Int
    let rate: Distance
    let quality: Distance
    let sentence: String

    /// Takes the distances over the position of a curve, and the result as a sentence.
    public init(curve: Int, rate: SetDelta, quality: SetDelta, sentence: String) {
      self.curve = curve
      self.rate = Distance(rate)
      self.quality = Distance(quality)
      self.sentence = sentence
    }
  }

  /// A distance over a set of images, without numbers where there are none.
  public struct Distance: Encodable, Sendable {
    let mean: Double?
    let lower: Double?
    let upper: Double?
    let reason: String?
    let meanCurves: Double?
    let meanCurvesReason: String?
    let overlap: Double?
    let imageCount: Int?
    let droppedPoints: Int
    /// Each image's own distance.
    let images: [Double?]

    private enum CodingKeys: CodingKey {
      case mean, lower, upper, reason, meanCurves, meanCurvesReason, overlap, imageCount
      case droppedPoints, images
    }

    init(_ delta: SetDelta) {
      mean = delta.mean
      lower = delta.interval?.lowerBound
      upper = delta.interval?.upperBound
      reason = delta.isPublished ? nil : delta.reason
      let meanValue = delta.meanCurves.value
      meanCurves = meanValue?.delta
      meanCurvesReason = delta.meanCurves.reason
      overlap = delta.isPublished ? meanValue?.overlap : delta.meanOverlap
      imageCount = delta.isPublished ? nil : delta.valueCount
      droppedPoints = delta.isPublished ? meanValue?.droppedPoints ?? 0 : delta.droppedPoints
      images = delta.images.map { $0.outcome.value?.delta }
    }

    /// Writes absent numbers as `null`, which the page tells from a mistake.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(mean, forKey: .mean)
      try container.encode(lower, forKey: .lower)
      try container.encode(upper, forKey: .upper)
      try container.encode(reason, forKey: .reason)
      try container.encode(meanCurves, forKey: .meanCurves)
      try container.encode(meanCurvesReason, forKey: .meanCurvesReason)
      try container.encode(overlap, forKey: .overlap)
      try container.encode(imageCount, forKey: .imageCount)
      try container.encode(droppedPoints, forKey: .droppedPoints)
      try container.encode(images, forKey: .images)
    }
  }

  /// Adds a measure: its curves, and every row's own score.
  ///
  /// - Parameters:
  ///   - measure: the vertical axis.
  ///   - curves: positions of curves with their points.
  ///   - notes: what the reader has to know: sentences without a full stop.
  ///   - differences: for each anchor the other configurations.
  ///   - rows: the rows that the report was started with.
  public mutating func add(
    _ measure: QualityMeasure, curves: [(position: Int, curve: RateCurve)], notes: [String],
    differences: [Differences], rows: [ResultRow]
  ) {
    precondition(rows.count == self.rows.curve.count, "a score for each row")
    let column = MetricID(rawValue: measure.column)
    self.rows.scores.append(
      rows.map { row in
        guard row.status == .ok, let value = column.flatMap({ row.scores[$0] }) else { return nil }
        return measure.score(ofMean: value).value
      })
    measures.append(
      Measure(
        id: measure.id, name: measure.name, axisLabel: measure.axisLabel,
        imageAxisLabel: measure.imageAxisLabel, unit: measure.unit,
        digits: measure.fractionDigits, higherIsBetter: measure.higherIsBetter,
        isShownWithPictures: ["psnr_db", "ms_ssim"].contains(measure.id), notes: notes,
        curves: curves.map { position, curve in
          DrawnCurve(
            curve: position,
            points: curve.points.map {
              [$0.rate.value, $0.score.value, $0.quality, Double($0.imageCount)]
            })
        },
        differences: differences))
  }
}

extension QualityMeasure {
  /// The label of the axis for a single image.
  fileprivate var imageAxisLabel: String {
    unit.isEmpty || derivation == .decibelsBelowOne ? name : "\(name) (\(unit))"
  }
}

extension SetDelta {
  /// Why there is no mean, or `nil` when there is one.
  fileprivate var reason: String? {
    guard mean == nil else { return nil }
    return images.lazy.compactMap(\.outcome.reason).first ?? "no image"
  }
}

extension BjontegaardDelta.Outcome {
  /// Why there is no value, or `nil` when there is one.
  fileprivate var reason: String? {
    if case .unavailable(let reason) = self { reason.rawValue } else { nil }
  }
}
