/// Why a codec refused or failed.
public struct CodecError: Error, Sendable, Equatable {
  /// What went wrong, for programs.
  public enum Kind: String, Sendable, CaseIterable {
    /// No codec of that name is in this build.
    case unknownCodec
    /// A parameter that the codec does not have, or a value that it does not take.
    case invalidParameter
    /// A quality off the codec's scale.
    case invalidQuality
    /// A picture that the format cannot hold, such as one too wide for it.
    case unsupportedImage
    /// The library refused to encode.
    case encodingFailed
    /// The bytes are truncated, damaged or of another codec.
    case corruptData
    /// The bytes ask for more memory than is allowed.
    case limitExceeded
    /// The codec is known, but cannot run here.
    case unavailable
    /// A program that does the codec's work took too long and was ended.
    case timedOut
  }

  /// The codec's id.
  public let codec: String
  /// What went wrong, for programs.
  public let kind: Kind
  /// The library's own code, when it gave one.
  public let libraryCode: Int?
  /// What went wrong, for people: one sentence without a full stop.
  public let message: String

  /// Makes an error.
  public init(codec: String, kind: Kind, libraryCode: Int? = nil, message: String) {
    self.codec = codec
    self.kind = kind
    self.libraryCode = libraryCode
    self.message = message
  }
}
