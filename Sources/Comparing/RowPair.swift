import Codecs
import RateDistortion
import Results

/// One measurement as two runs made it.
struct RowPair: Sendable {
  let baseline: ResultRow
  let new: ResultRow

  var image: String { baseline.subject.image }
}

/// Which measurement of a curve a row is.
public struct MeasurementName: Hashable, Sendable {
  /// The image's path inside its dataset.
  public let image: String
  /// The quality setting, or `nil` for a codec without a knob.
  public let quality: Double?

  init(_ row: ResultRow) {
    image = row.subject.image
    quality = row.subject.setting
  }

  /// The name for people, such as `kodim05.png at 25`.
  public var text: String { quality.map { "\(image) at \(formatNumber($0))" } ?? image }
}

/// An image with the figure by which it stands out.
public struct ImageFigure: Hashable, Sendable {
  /// The image's path inside its dataset.
  public let image: String
  /// The figure, in the unit of what was compared.
  public let value: Double

  /// The images with the largest figures above a bound, the largest first.
  static func largest(
    of figures: [ImageFigure], above bound: Double, count: Int = 3
  ) -> [ImageFigure] {
    Array(
      figures.filter { $0.value > bound }
        .sorted { ($1.value, $0.image) < ($0.value, $1.image) }.prefix(count))
  }
}
