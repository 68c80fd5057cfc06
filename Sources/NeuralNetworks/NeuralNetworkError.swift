import StrictJSON

/// Why a network could not be loaded or run.
public struct NeuralNetworkError: Error, Sendable, Equatable {
  /// What went wrong, for programs.
  public enum Kind: String, Sendable, CaseIterable {
    /// oneDNN is not in this build, or the processor lacks what was asked for.
    case unavailable
    /// oneDNN refused.
    case libraryFailure
    /// A file is missing or cannot be read.
    case inaccessibleFile
    /// A file breaks the rules of its format.
    case malformedFile
    /// A tensor is missing, left over, or of another shape or type than the network needs.
    case wrongTensor
    /// A factor that a run needs is missing or of another size.
    case wrongFactor
  }

  /// What went wrong, for programs.
  public let kind: Kind
  /// oneDNN's status, when it gave one.
  public let libraryCode: Int?
  /// What went wrong, for people: one sentence without a full stop.
  public let message: String

  /// Makes an error.
  public init(_ kind: Kind, _ message: String, libraryCode: Int? = nil) {
    self.kind = kind
    self.message = message
    self.libraryCode = libraryCode
  }
}

extension NeuralNetworkError: StrictJSONFailure {
  /// Makes an error of kind `malformedFile`.
  package init(malformedJSON message: String) {
    self.init(.malformedFile, message)
  }
}
