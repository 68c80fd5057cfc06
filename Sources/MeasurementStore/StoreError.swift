/// Why a store of measurements could not be used.
public struct StoreError: Error, Sendable, Equatable {
  /// What went wrong, for programs.
  public enum Kind: String, Sendable, CaseIterable {
    /// The folder or a file in it cannot be made, read or written; the disk may be full.
    case inaccessible
    /// The index is damaged or no index of a store.
    case damaged
    /// A later version of rdbench made the store.
    case tooNew
    /// Another process kept the store locked for too long.
    case busy
  }

  /// What went wrong, for programs.
  public let kind: Kind
  /// What went wrong and what to do: one sentence without a full stop.
  public let message: String

  /// Makes an error from its kind and a sentence.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
