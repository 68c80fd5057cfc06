import Foundation

/// Reads and writes picture files.
public enum ImageFile {
  /// The file name extensions that ``write(_:path:)`` knows.
  public static let writableExtensions = ["png", "ppm", "pgm", "pnm"]

  /// Reads a PNG or PNM file; its content decides which, not its name.
  ///
  /// - Throws: ``ImageError`` of kind `inaccessibleFile`, `unknownFormat`, or what
  ///   ``PNG/decode(_:)`` and ``PNM/decode(_:)`` throw.
  public static func read(path: String) throws(ImageError) -> DecodedImage {
    try decode(try contents(of: path))
  }

  /// Reads a picture from the bytes of a PNG or PNM file.
  ///
  /// - Throws: as ``read(path:)``.
  public static func decode(_ bytes: [UInt8]) throws(ImageError) -> DecodedImage {
    if PNG.recognizes(bytes) { return try PNG.decode(bytes) }
    if PNM.recognizes(bytes) { return try PNM.decode(bytes) }
    throw ImageError(
      .unknownFormat,
      bytes.isEmpty ? "the file is empty" : "it is neither a PNG nor a PNM file")
  }

  /// Writes a picture in the format that the file name extension names, `.png` or `.ppm`, `.pgm`,
  /// `.pnm`.
  ///
  /// The file appears under its name only when it is complete.
  ///
  /// - Throws: ``ImageError`` of kind `unknownFormat` for another extension, `unsupported` for a
  ///   grey `.ppm` or an RGB `.pgm`, `inaccessibleFile` where nothing can be written.
  public static func write(_ image: Image, path: String) throws(ImageError) {
    let bytes = try encode(image, fileExtension: URL(filePath: path).pathExtension.lowercased())
    try OutputFile.write(bytes, path: path)
  }

  private static func encode(
    _ image: Image, fileExtension: String
  ) throws(ImageError) -> [UInt8] {
    switch (fileExtension, image.colorModel) {
    case ("png", _): return try PNG.encode(image)
    case ("pnm", _), ("pgm", .gray), ("ppm", .rgb): return PNM.encode(image)
    case ("pgm", .rgb):
      throw ImageError(.unsupported, "a .pgm file holds grey and the picture is RGB: use .ppm")
    case ("ppm", .gray):
      throw ImageError(.unsupported, "a .ppm file holds RGB and the picture is grey: use .pgm")
    default:
      throw ImageError(
        .unknownFormat,
        "pictures are written as .png, .ppm, .pgm or .pnm, which the file name must end in")
    }
  }

  private static func contents(of path: String) throws(ImageError) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ImageError(.inaccessibleFile, "there is no such file")
    }
    guard !isFolder.boolValue else {
      throw ImageError(.inaccessibleFile, "it is a folder, not a picture")
    }
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw ImageError(.inaccessibleFile, "it cannot be read: \(reason(error))")
    }
  }

  /// The reason in a few words: Foundation's own sentence names the file and varies by platform.
  static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
    case .fileNoSuchFile, .fileReadNoSuchFile: return "its folder does not exist"
    case .fileWriteOutOfSpace: return "the disk is full"
    case .fileWriteVolumeReadOnly: return "the disk is read-only"
    default: return error.localizedDescription
    }
  }
}
