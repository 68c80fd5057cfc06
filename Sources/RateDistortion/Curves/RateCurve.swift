/// What a curve belongs to: one codec in one configuration, on one dataset, from one file.
public struct CurveKey: Hashable, Sendable {
  /// The codec's id, such as `jpeg`.
  public let codec: String
  /// The `parameters` column: `key=value;…`, sorted by key.
  public let parameters: String
  /// The dataset's name.
  public let dataset: String
  /// The file that the rows come from; tells apart two runs of the same configuration.
  public let source: String

  /// Names a curve.
  public init(codec: String, parameters: String = "", dataset: String = "", source: String = "") {
    self.codec = codec
    self.parameters = parameters
    self.dataset = dataset
    self.source = source
  }
}

/// A rate-distortion curve: points in the order of the sweep.
///
/// The order is the sweep's and not the rate's, because a codec need not be monotone: rate and
/// score of a point belong together and are never sorted apart.
public struct RateCurve: Hashable, Sendable {
  /// What the curve belongs to.
  public let key: CurveKey
  /// The points in the order of the sweep.
  public let points: [RatePoint]
  /// How many images the curve is over, 0 where it is not known.
  public let imageCount: Int

  /// Makes a curve.
  public init(key: CurveKey, points: [RatePoint], imageCount: Int = 1) {
    self.key = key
    self.points = points
    self.imageCount = imageCount
  }
}
