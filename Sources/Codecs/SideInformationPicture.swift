import Imaging

/// A drawing of something that a codec sends beside the picture itself.
public struct SideInformationPicture: Sendable, Equatable {
  /// What it shows, in lower case with hyphens, such as `importance-map`.
  public let name: String
  /// The drawing, of any size.
  public let image: Image

  /// Names a drawing.
  public init(name: String, image: Image) {
    self.name = name
    self.image = image
  }
}
