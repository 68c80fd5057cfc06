import Imaging

/// A reference picture, ready to score any number of distorted ones.
///
/// It may be shared between threads: scoring changes nothing.
public struct PreparedReference: Sendable {
  private let metrics: [MetricID]
  private let colorModel: Image.ColorModel
  private let pyramid: Pyramid

  init(_ image: Image, metrics: [MetricID]) {
    self.metrics = metrics
    self.colorModel = image.colorModel
    self.pyramid = Pyramid(
      image,
      scaleCount: Comparison.scaleCount(for: metrics, width: image.width, height: image.height))
  }

  /// Computes the suite's figures of a picture.
  ///
  /// - Parameter distorted: the picture as decoded, of the reference's size and colour model.
  /// - Throws: ``MetricError`` when size or colour model differ.
  /// - Complexity: O(width · height) time; about 21 bytes of memory per colour pixel while it runs.
  public func scores(of distorted: Image) throws(MetricError) -> MetricScores {
    try scores(of: distorted, level: StructuralSimilarity.bestLevel)
  }

  /// Computes the figures with the code of one instruction set; all give the same bits.
  func scores(
    of distorted: Image, level: StructuralSimilarity.Level
  ) throws(MetricError) -> MetricScores {
    guard distorted.width == pyramid.base.width, distorted.height == pyramid.base.height else {
      throw MetricError(
        "the distorted picture is \(distorted.width)×\(distorted.height) pixels, the reference "
          + "\(pyramid.base.width)×\(pyramid.base.height)")
    }
    guard distorted.colorModel == colorModel else {
      throw MetricError(
        "the distorted picture is \(distorted.colorModel.name), the reference \(colorModel.name)")
    }
    let comparison = Comparison(
      pyramid, Pyramid(distorted, scaleCount: pyramid.scales.count),
      metrics: metrics, level: level)
    var values: [MetricID: Double] = [:]
    for metric in metrics { values[metric] = metric.value(of: comparison) }
    return MetricScores(values)
  }
}

extension Image.ColorModel {
  fileprivate var name: String {
    switch self {
    case .gray: "grey"
    case .rgb: "RGB"
    }
  }
}
