import ImageMetrics
import RateDistortion
import StrictJSON

extension MetricID {
  /// The metrics that an option lists.
  ///
  /// - Throws: `CommandFailure` that lists the names and suggests the nearest.
  static func argument(_ text: String) throws(CommandFailure) -> [MetricID] {
    do throws(UnknownMetric) {
      return try list(text)
    } catch {
      let names = allCases.map(\.rawValue)
      let shortNames = MetricDescriptor.all.compactMap(\.aliases.first)
      throw error.failure(names, hintsFrom: shortNames + names)
    }
  }
}

extension QualityMeasure {
  /// The measures that an option lists.
  ///
  /// - Throws: `CommandFailure` that lists the names and suggests the nearest.
  static func argument(_ text: String) throws(CommandFailure) -> [QualityMeasure] {
    do throws(UnknownMetric) {
      return try list(text)
    } catch {
      throw error.failure(names, hintsFrom: names)
    }
  }
}

extension UnknownMetric {
  fileprivate func failure(_ names: [String], hintsFrom candidates: [String]) -> CommandFailure {
    let hint = didYouMean(name, in: candidates)
    return CommandFailure(
      "there is no metric \(name), there are \(names.joined(separator: ", "))\(hint)")
  }
}
