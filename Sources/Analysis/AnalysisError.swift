import StrictJSON

/// Why nothing can be computed or drawn from results.
public struct AnalysisError: Error, Sendable, Equatable {
  /// What is wrong and what to do: one sentence without a full stop.
  public let message: String

  /// Makes an error from a sentence.
  public init(_ message: String) {
    self.message = message
  }
}

extension AnalysisError {
  /// The error for a codec that there are no rows of.
  ///
  /// - Parameter available: the codecs that there are rows of, each once.
  static func noResults(of codec: String, available: [String]) -> AnalysisError {
    let hint = didYouMean(codec, in: available)
    return AnalysisError(
      "there are no results of \(codec), there are \(available.joined(separator: ", "))\(hint)")
  }
}
