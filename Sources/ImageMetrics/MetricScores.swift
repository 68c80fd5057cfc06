/// The figures of one distorted picture.
public struct MetricScores: Sendable, Equatable {
  private let values: [MetricID: Double]

  /// Collects figures.
  ///
  /// - Parameter values: the figures that exist; one that is not applicable is left out.
  public init(_ values: [MetricID: Double]) {
    self.values = values
  }

  /// The figure of a metric, or `nil` when the picture is too small for it or nobody asked for it.
  public subscript(_ id: MetricID) -> Double? { values[id] }
}
