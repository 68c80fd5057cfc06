/// A picture that was read, and what its reader should be told about it.
public struct DecodedImage: Sendable, Equatable {
  /// The samples as stored, without colour management.
  public let image: Image
  /// Sentences about things that were ignored, without a file name or full stop.
  public let warnings: [String]

  /// Pairs a picture with its warnings.
  public init(image: Image, warnings: [String] = []) {
    self.image = image
    self.warnings = warnings
  }
}
