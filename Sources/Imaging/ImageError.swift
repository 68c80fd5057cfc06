/// Why a picture could not be read or written.
public struct ImageError: Error, Sendable, Equatable {
  /// What went wrong, for programs.
  public enum Kind: String, Sendable, CaseIterable {
    /// The file is missing, is a folder, or may not be read or written.
    case inaccessibleFile
    /// The bytes are of no format that this module reads.
    case unknownFormat
    /// The format is known, but holds something that is refused: 16 bit, transparency.
    case unsupported
    /// The bytes are truncated or damaged.
    case corruptData
    /// The picture has more pixels than ``ImageLimits/maximumPixelCount``.
    case tooLarge
  }

  /// What went wrong, for programs.
  public let kind: Kind
  /// What went wrong and what to do, for people: one sentence without a file name or full stop.
  public let message: String

  /// Makes an error from its kind and a sentence.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
