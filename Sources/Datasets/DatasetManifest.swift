import Files
import Foundation

/// What a named dataset consists of: the contents of one file in `Datasets/manifests`.
///
/// The JSON keys are the property names in snake case. Reading is strict: an unknown key, a missing
/// one and a value that makes no sense are all errors.
public struct DatasetManifest: Sendable, Equatable {
  /// The version of the schema that this type reads.
  public static let schema = 1

  /// The name that `--dataset` and the `dataset` column use.
  public let name: String
  /// The name for people.
  public let title: String
  /// What the images are, in a sentence or two.
  public let description: String
  /// The terms under which the images may be used.
  public let licence: String
  /// The page that describes the set.
  public let source: String
  /// The folder that holds the files, below a dataset root; sets of the same files share it.
  public let folder: String
  /// The number of images in the set.
  ///
  /// When it is greater than the number of ``files``, the set is every PNG file of the
  /// ``archive``'s folder, and those that ``files`` does not list have no known digest.
  public let imageCount: Int
  /// How many pixels are cut off each of the four sides after decoding.
  public let cropBorder: Int
  /// The SHA-1 of all files one after the other, as other tools state it for this set.
  public let concatenatedSHA1: String?
  /// The archive that holds the files, for sets that are not offered file by file.
  public let archive: Archive?
  /// How the images are made, for a set that needs no files.
  public let generator: Generator?
  /// The images with known digests, in the order of the set.
  public let files: [File]

  /// One image of a named dataset.
  public struct File: Sendable, Equatable {
    /// The path below the set's folder, `/`-separated; the name of the image in the results.
    public let path: String
    /// Where the file is offered by itself.
    public let url: URL?
    /// The number of bytes.
    public let size: Int?
    /// The SHA-256 of the bytes.
    public let sha256: String?
    /// The width of the whole image in pixels.
    public let width: Int
    /// The height of the whole image in pixels.
    public let height: Int
    /// The SHA-256 of the decoded pixels, as `SHA256Digest.pixels(of:)` computes it.
    public let pixelsSHA256: String
  }

  /// A ZIP archive that holds a dataset.
  public struct Archive: Sendable, Equatable {
    /// Where the archive is offered.
    public let url: URL
    /// The number of bytes.
    public let size: Int
    /// The SHA-256 of the bytes.
    public let sha256: String
    /// Who states the digest, when it was not computed for this manifest.
    public let sha256Source: String?
    /// The folder inside the archive whose PNG files are the images.
    public let folder: String
  }

  /// How rdbench makes a dataset itself.
  public struct Generator: Sendable, Equatable {
    /// The seed of every random choice.
    public let seed: UInt64
  }

  /// Whether the set has images that ``files`` does not list.
  public var hasUnlistedFiles: Bool { imageCount > files.count }

  /// Whether a file of this name in the set's folder, or the archive's, could be an image that
  /// ``files`` does not list: a visible PNG file directly in it.
  static func mayBeUnlisted(_ path: String) -> Bool {
    path.lowercased().hasSuffix(".png") && !path.hasPrefix(".") && !path.contains("/")
  }

  /// The number of bytes that fetching the whole set transfers; `nil` for a drawn set.
  public var downloadSize: Int? {
    if generator != nil { return nil }
    return archive?.size ?? files.reduce(0) { $0 + ($1.size ?? 0) }
  }

  /// What the manifest promises, as one SHA-256 over everything that decides which pixels are
  /// measured: name, crop, number of images, archive, paths and pixel digests.
  public var digest: String {
    var lines = [name, "\(cropBorder)", "\(imageCount)", archive?.sha256 ?? ""]
    for file in files { lines += [file.path, file.pixelsSHA256] }
    return SHA256Digest.hexadecimal(of: Data(lines.joined(separator: "\n").utf8))
  }
}
