import ImageMetrics
import Results

extension Target {
  /// The scale on which the figure is searched: rates as logarithms.
  private var scale: MetricDescriptor.SearchScale {
    if case .metric(let id) = figure { id.descriptor.searchScale } else { .logarithm }
  }

  /// How close a value has to come for the search to end: 0.1 % of a rate or a mean squared error,
  /// 0.005 dB, and for the similarities 0.1 % of what is left to 1.
  ///
  /// A codec whose scale has steps can seldom come so close; its search ends at the nearest step.
  var tolerance: Double {
    switch scale {
    case .logarithm: abs(value) * 1e-3
    case .linear(let tolerance): tolerance
    case .distanceToOne: max(abs(1 - value) * 1e-3, 1e-7)
    }
  }

  /// The figure on a scale on which it runs roughly straight over a codec's quality.
  ///
  /// Rates and squared errors as logarithms, the similarities as those of what is left to 1; the
  /// same bits on every system, since the probes of a search depend on them.
  ///
  /// - Returns: a number, or `nil` where the scale ends, as for an exact picture.
  func straightened(_ value: Double) -> Double? {
    let result: Double
    switch scale {
    case .logarithm:
      guard value > 0, value.isFinite else { return nil }
      result = PortableMath.log(value)
    case .linear:
      result = value
    case .distanceToOne:
      guard value < 1 else { return nil }
      result = -PortableMath.log(1 - value)
    }
    return result.isFinite ? result : nil
  }
}
