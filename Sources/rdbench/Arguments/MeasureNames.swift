import Codecs
import RateDistortion
import StrictJSON

extension QualityMeasure {
  /// The measures that a comma-separated list names, each once, in the order of the list.
  ///
  /// - Throws: `CommandFailure` that lists the names and suggests the nearest.
  static func list(_ text: String) throws(CommandFailure) -> [QualityMeasure] {
    if text == "all" { return usual }
    var chosen: [QualityMeasure] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      let measures = named(name)
      guard !measures.isEmpty else {
        let hint = didYouMean(name, in: names)
        throw CommandFailure(
          "there is no metric \(name), there are \(names.joined(separator: ", "))\(hint)")
      }
      chosen += measures.filter { !chosen.contains($0) }
    }
    return chosen
  }
}
