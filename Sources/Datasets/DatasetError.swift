/// Why a dataset could not be had.
public struct DatasetError: Error, Sendable, Equatable {
  /// What went wrong, for programs.
  public enum Kind: String, Sendable, CaseIterable {
    /// Neither a named dataset nor a folder.
    case unknownDataset
    /// A folder without an image.
    case emptyFolder
    /// A file or folder that is missing or may not be read or written.
    case inaccessibleFile
    /// A manifest that does not follow the schema.
    case invalidManifest
    /// Files that a named dataset should have and that are not there.
    case missingFiles
    /// A file whose bytes and pixels both differ from the manifest's.
    case wrongDigest
    /// A server that cannot be reached, refuses, or sends something else.
    case network
    /// An archive that is damaged, or that holds names or sizes that are refused.
    case archive
  }

  /// What went wrong, for programs.
  public let kind: Kind
  /// What went wrong and what to do, for people: one sentence without a full stop.
  public let message: String

  /// Makes an error from its kind and a sentence.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
