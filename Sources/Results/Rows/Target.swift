import Codecs
import ImageMetrics

/// A rate or a score that each image shall reach, such as 0.25 bits per pixel or 35 dB, or the size
/// that all files of a set together may have.
public struct Target: Sendable, Hashable {
  /// What is aimed at.
  public enum Figure: Sendable, Hashable {
    /// The rate, every byte counted.
    case bitsPerPixel
    /// A score.
    case metric(MetricID)
    /// The bytes of all files of the set together.
    case totalBytes
    /// The bits of all files of the set together, divided by the pixels of all its images.
    case meanBitsPerPixel

    /// The name of its column in the results; the figures of a set have no column.
    public var name: String {
      switch self {
      case .totalBytes: "total_bytes"
      case .meanBitsPerPixel: "mean_bits_per_pixel"
      case .bitsPerPixel: "bits_per_pixel"
      case .metric(let id): id.rawValue
      }
    }

    /// The figure of that name, or `nil` when there is none.
    public init?(name: String) {
      if let figure = [Figure.bitsPerPixel, .totalBytes, .meanBitsPerPixel].first(where: {
        $0.name == name
      }) {
        self = figure
      } else if let id = MetricID(rawValue: name) {
        self = .metric(id)
      } else {
        return nil
      }
    }

    /// Whether the figure is one of a whole set, which no single image has.
    public var isOfSet: Bool { self == .totalBytes || self == .meanBitsPerPixel }
  }

  /// What is aimed at.
  public let figure: Figure
  /// The value in the unit of its column, finite.
  public let value: Double

  /// Makes a target.
  ///
  /// - Precondition: `value` is finite.
  public init(_ figure: Figure, _ value: Double) {
    precondition(value.isFinite)
    self.figure = figure
    self.value = value
  }

  /// The target as the `target` column holds it, such as `bits_per_pixel=0.25`.
  public var text: String { "\(figure.name)=\(formatNumber(value))" }

  /// Reads ``text``.
  public init?(text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let figure = Figure(name: String(parts[0])),
      let value = Double(parts[1]), value.isFinite
    else { return nil }
    self.init(figure, value)
  }

  /// What a row reached of the figure; infinite for an exact picture's PSNR, `nil` where it does
  /// not apply or the measurement failed, and for the figures of a set.
  public func reached(by row: ResultRow) -> Double? {
    guard row.status == .ok else { return nil }
    switch figure {
    case .bitsPerPixel: return row.bitsPerPixel
    case .metric(let id): return row.scores[id]
    case .totalBytes, .meanBitsPerPixel: return nil
    }
  }
}
