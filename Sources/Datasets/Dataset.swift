import Files
import Foundation
import Imaging

/// The images of one evaluation set, in their order; only paths, never pixels.
public struct Dataset: Sendable {
  /// The name in the `dataset` column: the named set's, or the folder's last path component.
  public let name: String
  /// The images, in the manifest's order, or sorted by the bytes of their paths.
  public let images: [DatasetImage]
  /// What a named set's manifest promises (``DatasetManifest/digest``); `nil` for a folder.
  public let digestOfManifest: String?

  /// Makes a set of images that were found.
  package init(name: String, images: [DatasetImage], digestOfManifest: String?) {
    self.name = name
    self.images = images
    self.digestOfManifest = digestOfManifest
  }

  /// The same set with its first images only.
  public func prefix(_ count: Int) -> Dataset {
    Dataset(name: name, images: Array(images.prefix(count)), digestOfManifest: digestOfManifest)
  }
}

/// One image of a dataset, not yet in memory.
public struct DatasetImage: Sendable {
  /// The path inside the set, `/`-separated.
  public let path: String
  private let source: Source

  /// Where the pixels come from.
  enum Source: Sendable {
    /// A file, less a number of pixels on each side.
    case file(path: String, cropBorder: Int)
    /// A picture that rdbench draws, and the digest that its pixels must have.
    case synthetic(SyntheticImage, pixelsSHA256: String)
  }

  /// Names an image.
  init(path: String, source: Source) {
    self.path = path
    self.source = source
  }

  /// The size of the image's file in bytes, or `nil` for a drawn picture and for a missing file.
  package var fileSize: Int? {
    guard case .file(let path, _) = source else { return nil }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue
  }

  /// Size and modification time of the image's file, or a word for a drawn picture.
  package var fileStamp: String {
    switch source {
    case .file(let path, _): FileStamp.text(of: path)
    case .synthetic: "drawn"
    }
  }

  /// Size and colour model of the image after the set's crop, without its pixels.
  ///
  /// - Throws: `ImageError` when the file cannot be read.
  public func header() throws(ImageError) -> ImageHeader {
    switch source {
    case .file(let path, let cropBorder):
      let header = try ImageFile.readHeader(path: path)
      return ImageHeader(
        width: header.width - 2 * cropBorder, height: header.height - 2 * cropBorder,
        colorModel: header.colorModel)
    case .synthetic(let synthetic, _):
      return synthetic.header
    }
  }

  /// Reads or draws the image and applies the set's crop.
  ///
  /// - Throws: `ImageError` when the file cannot be read, is too small for the crop, or when a
  ///   drawn picture's pixels are not those of the manifest.
  public func load() throws(ImageError) -> DecodedImage {
    switch source {
    case .file(let path, let cropBorder):
      let decoded = try ImageFile.read(path: path)
      if cropBorder == 0 { return decoded }
      return DecodedImage(
        image: try decoded.image.removingBorder(of: cropBorder), warnings: decoded.warnings)
    case .synthetic(let synthetic, let pixelsSHA256):
      let image = synthetic.draw()
      guard SHA256Digest.pixels(of: image) == pixelsSHA256 else {
        throw ImageError(
          .corruptData, "this build draws other pixels than the manifest states; report it")
      }
      return DecodedImage(image: image, warnings: [])
    }
  }
}

extension Image {
  /// The picture without its outermost pixels.
  ///
  /// - Parameter border: the number of pixels to cut off each of the four sides.
  /// - Throws: `ImageError` of kind `unsupported` when nothing would be left.
  func removingBorder(of border: Int) throws(ImageError) -> Image {
    let (newWidth, newHeight) = (width - 2 * border, height - 2 * border)
    guard newWidth > 0, newHeight > 0 else {
      throw ImageError(
        .unsupported, "an image of \(width)×\(height) pixels has no border of \(border) to lose")
    }
    return cropped(x: border, y: border, width: newWidth, height: newHeight)
  }
}
