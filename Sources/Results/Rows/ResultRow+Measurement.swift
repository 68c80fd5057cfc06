import ImageMetrics
import RateDistortion

extension ResultRow.Subject {
  /// What tells the rows of an image and a codec apart and brings those of several images together:
  /// what a search aimed at, since each image found another quality, and otherwise the quality.
  public var setting: Double? { target?.value ?? quality.number }
}

extension ResultRow {
  /// The configuration that the row measures: a curve is a codec with its parameters on a dataset.
  ///
  /// - Parameter source: the file of the row, where curves of several files are told apart.
  public func curveKey(source: String = "") -> CurveKey {
    CurveKey(
      codec: subject.codec, parameters: subject.parameters, dataset: subject.dataset,
      source: source)
  }

  /// The row as a point of a curve of one metric.
  ///
  /// A row that did not end well, or whose rate is no finite number, counts as failed; one without a
  /// value in the column as not applicable.
  public func measurement(of column: MetricID) -> SweepMeasurement {
    let outcome: Outcome
    if status == .ok, let rate = bitsPerPixel, rate.isFinite, rate >= 0 {
      outcome = scores[column].map { .scored(BitsPerPixel(rate), column: $0) } ?? .notApplicable
    } else {
      outcome = .failed
    }
    return SweepMeasurement(
      image: subject.image,
      pixelCount: Int(exactly: Double(subject.width ?? 0) * Double(subject.height ?? 0)) ?? 0,
      quality: subject.setting, outcome: outcome,
      isLossless: scores[.mse] == 0 || scores[.psnr] == .infinity)
  }
}
