import Codecs
import RateDistortion

/// The configuration that the others are compared with: `jpeg` or `jpeg:subsampling=420`.
public struct Anchor: Sendable {
  /// What was written.
  public let text: String
  /// The codec, and the parameters that tell its configurations apart.
  public let spec: CodecSpec

  /// Reads a codec spec.
  ///
  /// - Throws: ``AnalysisError`` for what is none.
  public init(_ text: String) throws(AnalysisError) {
    self.text = text
    spec = try CodecSpec.selected(text)
  }

  /// The anchor on a dataset: the one from the first file that has it, or `nil`.
  ///
  /// - Throws: ``AnalysisError`` when no dataset has it or it could be several configurations.
  func sweep(for dataset: String, in sweeps: [Sweep]) throws(AnalysisError) -> Sweep? {
    let keys = try spec.matches(among: sweeps.map(\.key))
    let configurations = Set(keys.map(\.parameters))
    guard configurations.count == 1 else {
      throw AnalysisError(
        "\(text) could be \(configurations.sorted().joined(separator: " or ")); name one with "
          + "--anchor \(spec.id):name=value")
    }
    return sweeps.first { keys.contains($0.key) && $0.key.dataset == dataset }
  }
}
