import Codecs
import ImageMetrics
import StrictJSON

extension MetricID {
  /// The metrics that a comma-separated list names, in the order of the columns and without repeats.
  ///
  /// Each name is a column name, or that without its unit: `psnr`, `psnr_y`; `all` stands for all.
  ///
  /// - Throws: `CommandFailure` that lists the names and suggests the nearest.
  static func list(_ text: String) throws(CommandFailure) -> [MetricID] {
    if text == "all" { return allCases }
    var chosen: Set<MetricID> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      chosen.insert(try named(name))
    }
    return allCases.filter(chosen.contains)
  }

  private static func named(_ name: String) throws(CommandFailure) -> MetricID {
    let descriptors = MetricDescriptor.all
    if let id = MetricID(rawValue: name)
      ?? descriptors.first(where: { $0.aliases.contains(name) })?.id
    {
      return id
    }
    let names = descriptors.map(\.id.rawValue)
    let shortNames = descriptors.compactMap(\.aliases.first)
    let hint = didYouMean(name, in: shortNames + names)
    throw CommandFailure(
      "there is no metric \(name), there are \(names.joined(separator: ", "))\(hint)")
  }
}
