import RateDistortion

/// The configuration that the others are compared with: `jpeg` or `jpeg:subsampling=420`.
public struct Anchor: Sendable {
  /// What was written.
  public let text: String
  /// The id of the codec.
  public let codec: String
  private let parameters: Set<String>

  /// Reads a codec's id and the parameters that tell its configurations apart, with colons between.
  public init(_ text: String) {
    let parts = text.split(separator: ":").map(String.init)
    self.text = text
    codec = parts.first ?? ""
    parameters = Set(parts.dropFirst())
  }

  /// The anchor on a dataset: the one from the first file that has it, or `nil`.
  ///
  /// - Throws: ``AnalysisError`` when no dataset has it or it could be several configurations.
  func sweep(for dataset: String, in sweeps: [Sweep]) throws(AnalysisError) -> Sweep? {
    let named = sweeps.filter { $0.key.codec == codec }
    guard !named.isEmpty else {
      throw AnalysisError.noResults(of: codec, available: sweeps.map(\.key.codec).withoutRepeats)
    }
    let matching = named.filter {
      parameters.isSubset(of: $0.key.parameters.split(separator: ";").map(String.init))
    }
    guard !matching.isEmpty else {
      throw AnalysisError(
        "no configuration of \(codec) has \(parameters.sorted().joined(separator: ", ")), there are "
          + Self.list(named))
    }
    guard Set(matching.map(\.key.parameters)).count == 1 else {
      throw AnalysisError(
        "\(text) could be \(Self.list(matching)); name one with --anchor \(codec):name=value")
    }
    return matching.first { $0.key.dataset == dataset }
  }

  private static func list(_ sweeps: [Sweep]) -> String {
    Set(sweeps.map(\.key.parameters)).sorted().joined(separator: " or ")
  }
}
