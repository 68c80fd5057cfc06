import Foundation

/// What a picture file says of itself before its samples.
public struct ImageHeader: Sendable, Equatable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// The colour model that ``ImageFile/read(path:)`` gives the picture.
  public let colorModel: Image.ColorModel

  /// States a size and a colour model.
  public init(width: Int, height: Int, colorModel: Image.ColorModel) {
    self.width = width
    self.height = height
    self.colorModel = colorModel
  }

  /// States what a picture is.
  public init(_ image: Image) {
    self.init(width: image.width, height: image.height, colorModel: image.colorModel)
  }
}

extension ImageFile {
  /// How much of a file is read for its header; comments of a PNM file may take most of it.
  private static let headerLength = 1 << 16

  /// Reads the header of a PNG or PNM file without its samples, which may be damaged.
  ///
  /// - Throws: ``ImageError`` as ``read(path:)`` for a file that cannot be opened or has no header.
  public static func readHeader(path: String) throws(ImageError) -> ImageHeader {
    let bytes: [UInt8]
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? file.close() }
      bytes = Array(try file.read(upToCount: headerLength) ?? Data())
    } catch {
      throw ImageError(.inaccessibleFile, "it cannot be read: \(reason(error))")
    }
    return try header(of: bytes)
  }

  /// Reads the header in the first bytes of a PNG or PNM file.
  ///
  /// - Throws: ``ImageError`` as ``decode(_:)``.
  static func header(of bytes: [UInt8]) throws(ImageError) -> ImageHeader {
    if PNG.recognizes(bytes) { return try PNG.header(of: bytes) }
    if PNM.recognizes(bytes) { return try PNM.header(of: bytes) }
    throw ImageError(
      .unknownFormat,
      bytes.isEmpty ? "the file is empty" : "it is neither a PNG nor a PNM file")
  }
}
