/// A name that no metric has.
public struct UnknownMetric: Error, Sendable, Equatable {
  /// What was asked for.
  public let name: String

  /// Makes the error of a name.
  public init(name: String) {
    self.name = name
  }
}

extension MetricID {
  /// The metrics that a comma-separated list names, in the order of the columns and without repeats.
  ///
  /// Each name is that of a column or one of ``MetricDescriptor/aliases``, such as `psnr`; `all` stands
  /// for all.
  ///
  /// - Throws: ``UnknownMetric`` for the first name that is neither.
  public static func list(_ text: String) throws(UnknownMetric) -> [MetricID] {
    if text == "all" { return allCases }
    var chosen: Set<MetricID> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      let byAlias = MetricDescriptor.all.first { $0.aliases.contains(name) }?.id
      guard let id = MetricID(rawValue: name) ?? byAlias else { throw UnknownMetric(name: name) }
      chosen.insert(id)
    }
    return allCases.filter(chosen.contains)
  }
}
