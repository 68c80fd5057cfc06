import Imaging

/// Figures that are computed together because they share work.
///
/// A new metric is a family in a file of its own and a line in ``MetricFamilies``.
protocol MetricFamily: Sendable {
  /// The figures, in the order of the columns.
  static var descriptors: [MetricDescriptor] { get }

  /// Does the work that depends on the reference alone.
  ///
  /// - Parameter metrics: those of the family that are wanted, at least one.
  init(reference: Image, metrics: [MetricID])

  /// Computes the wanted figures of a picture of the reference's size and colour model.
  ///
  /// - Parameter level: the instruction set whose code does it; all give the same bits.
  /// - Returns: the figures that exist for pictures of that size.
  func scores(of distorted: Image, level: StructuralSimilarity.Level) -> [MetricID: Double]
}

/// The table of metrics.
enum MetricFamilies {
  /// Every family, in the order of the columns.
  static let all: [any MetricFamily.Type] = [
    ErrorAndSimilarity.self
  ]
}
