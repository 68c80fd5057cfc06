import ImageMetrics

extension QualityMeasure {
  /// The measures that a comma-separated list names, each once, in the order of the list.
  ///
  /// Each name is one that ``named(_:)`` knows; `all` stands for ``usual``.
  ///
  /// - Throws: `UnknownMetric` for the first name that it does not know.
  public static func list(_ text: String) throws(UnknownMetric) -> [QualityMeasure] {
    if text == "all" { return usual }
    var chosen: [QualityMeasure] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      let measures = named(name)
      guard !measures.isEmpty else { throw UnknownMetric(name: name) }
      chosen += measures.filter { !chosen.contains($0) }
    }
    return chosen
  }
}
