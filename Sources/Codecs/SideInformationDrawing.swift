import Imaging

/// A codec that can draw what it sends beside the picture itself, such as an importance map.
public protocol SideInformationDrawing: Codec {
  /// Draws the side information in coded bytes.
  ///
  /// - Parameter encoded: bytes of ``Codec/encode(_:at:)``; `sections` is never read.
  /// - Returns: pictures with names that differ, none when these bytes have no side information.
  /// - Throws: ``CodecError`` as ``Codec/decode(_:)``.
  func sideInformation(
    in encoded: EncodedImage
  ) throws(CodecError) -> [SideInformationPicture]
}

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
