/// Why two pictures cannot be compared.
public struct MetricError: Error, Sendable, Equatable {
  /// What is wrong, for people: one sentence without a full stop.
  public let message: String

  /// Makes an error from a sentence.
  public init(_ message: String) {
    self.message = message
  }
}
