/// All that the rest of rdbench knows of a figure: nothing else anywhere depends on which one it is.
public struct MetricDescriptor: Sendable, Equatable {
  /// The scale on which a figure runs roughly straight over a codec's quality, which is where targets
  /// are searched.
  public enum SearchScale: Sendable, Equatable {
    /// The figure itself; a search may end within this distance of its target.
    case linear(tolerance: Double)
    /// Its logarithm; a search may end within a thousandth.
    case logarithm
    /// The logarithm of what is left to 1; a search may end within a thousandth of that.
    case distanceToOne
  }

  /// How a figure is told in decibels.
  public enum DecibelForm: Sendable, Equatable {
    /// It is in decibels.
    case itself
    /// −10 log₁₀(1 − x), for similarities near 1.
    case belowOne
    /// 10 log₁₀(255² / x), for squared errors.
    case peakSignalToNoise
  }

  /// The name of the column.
  public let id: MetricID
  /// The name in titles and sentences, such as `MS-SSIM of luma`.
  public let name: String
  /// Other names that people type, the shortest first, such as `psnr`.
  public let aliases: [String]
  /// The version of the definition: raised with every change that may change a value, so that stored
  /// values of before are computed anew.
  public let version: Int
  /// The unit after a value, or empty.
  public let unit: String
  /// Whether a larger figure is a better picture.
  public let higherIsBetter: Bool
  /// The largest figure there can be.
  public let upperBound: Double
  /// How many digits after the point are worth printing in tables and figures.
  public let fractionDigits: Int
  /// How many digits `rdbench measure` prints.
  public let measuredDigits: Int
  /// The smallest width and height in pixels for which there is a figure.
  public let minimumSide: Int
  /// Whether the figure looks at luma alone.
  public let isOfLuma: Bool
  /// The scale on which targets are searched.
  public let searchScale: SearchScale
  /// How the figure is told in decibels, or `nil` when it is not.
  public let decibelForm: DecibelForm?

  /// Every figure, in the order of the columns.
  public static let all: [MetricDescriptor] = MetricFamilies.all.flatMap { $0.descriptors }

  /// The figures by their names.
  static let table: [String: MetricDescriptor] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.id.rawValue, $0) })
}
