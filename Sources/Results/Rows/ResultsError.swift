/// Why a results file could not be read or written.
public struct ResultsError: Error, Sendable, Equatable {
  /// What went wrong and what to do: one sentence without a full stop.
  public let message: String

  /// Makes an error from a sentence.
  public init(_ message: String) {
    self.message = message
  }
}
