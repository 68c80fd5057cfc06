/// The shortest names that tell curves apart.
///
/// A curve is called by its codec, followed by those parameters in which the codec's curves differ
/// (a flag by its name where it is on, and not at all where it is off), the dataset where there are
/// several, and the file where the same configuration comes from two.
public struct CurveLabels: Sendable {
  private let labels: [CurveKey: String]

  /// Names curves.
  ///
  /// - Parameters:
  ///   - keys: the curves of a figure or table.
  ///   - names: other names for codecs, by id.
  ///   - wholeNames: names for single curves, which stand in the place of codec and parameters.
  public init(
    _ keys: [CurveKey], names: [String: String] = [:], wholeNames: [CurveKey: String] = [:]
  ) {
    let severalDatasets = Set(keys.map(\.dataset).filter { !$0.isEmpty }).count > 1
    var labels: [CurveKey: String] = [:]
    for key in keys {
      let siblings = keys.filter { $0.codec == key.codec }
      var parts = [wholeNames[key] ?? names[key.codec] ?? key.codec]
      if wholeNames[key] == nil {
        parts += Self.distinguishingParameters(of: key, among: siblings).compactMap(Self.phrase)
      }
      if severalDatasets, !key.dataset.isEmpty { parts.append(key.dataset) }
      let twins = siblings.filter {
        $0.parameters == key.parameters
          && ($0.dataset == key.dataset || $0.dataset.isEmpty || key.dataset.isEmpty)
      }
      if Set(twins.map(\.source)).count > 1, !key.source.isEmpty {
        parts.append("(\(key.source))")
      }
      labels[key] = parts.joined(separator: " ")
    }
    self.labels = labels
  }

  /// The curve's name.
  ///
  /// - Precondition: the curve is one of those the labels were made for.
  public subscript(key: CurveKey) -> String {
    guard let label = labels[key] else { preconditionFailure("\(key) has no label") }
    return label
  }

  private static func distinguishingParameters(
    of key: CurveKey, among siblings: [CurveKey]
  ) -> [String] {
    let others = siblings.map { Set(pairs($0.parameters)) }
    return pairs(key.parameters).filter { pair in !others.allSatisfy { $0.contains(pair) } }
  }

  private static func phrase(_ pair: String) -> String? {
    if pair.hasSuffix("=false") { return nil }
    return pair.hasSuffix("=true") ? String(pair.dropLast("=true".count)) : pair
  }

  private static func pairs(_ parameters: String) -> [String] {
    parameters.split(separator: ";").map(String.init)
  }
}
