import Files
import Foundation
import Imaging

/// What a check of a dataset's files found.
public struct DatasetVerification: Sendable {
  /// What is known about one file.
  public enum Verdict: String, Sendable, CaseIterable, Codable {
    /// The bytes have the manifest's SHA-256, or the pixels of a drawn image theirs.
    case ok
    /// Other bytes, but the decoded pixels have the manifest's SHA-256.
    case okByPixels = "ok_by_pixels"
    /// The manifest holds no digest for this file.
    case unverified
    /// Neither the bytes nor the pixels are the manifest's.
    case wrongDigest = "wrong_digest"
    /// A file without a digest that is no readable image either.
    case unreadable
    /// The file is not there.
    case missing

    /// Whether the file can be measured as what the manifest calls it.
    public var isAccepted: Bool {
      switch self {
      case .ok, .okByPixels, .unverified: true
      case .wrongDigest, .unreadable, .missing: false
      }
    }
  }

  /// One file and its verdict.
  public struct File: Sendable {
    /// The path inside the set.
    public let path: String
    /// What is known about it.
    public let verdict: Verdict
  }

  /// The name of the set whose manifest was used, `nil` for any other folder.
  public let dataset: String?
  /// The folder that was looked at, `nil` for a set that needs none.
  public let folder: String?
  /// The files that the set has or should have, in the set's order.
  public let files: [File]
  /// How many further files are missing whose names are not known.
  public let unnamedMissingCount: Int
  /// How many images are there beyond the number that the set has.
  public let surplusCount: Int
  /// Whether all files together have the SHA-1 that other tools state for the set; `nil` when none
  /// is stated or a file is not there.
  public let matchesConcatenatedSHA1: Bool?

  /// Whether nothing is wrong or missing.
  public var isAccepted: Bool {
    files.allSatisfy(\.verdict.isAccepted) && unnamedMissingCount == 0 && surplusCount == 0
  }

  /// The number of files that are not there.
  public var missingCount: Int { count(of: .missing) + unnamedMissingCount }

  /// The number of files with a verdict.
  public func count(of verdict: Verdict) -> Int { files.count { $0.verdict == verdict } }
}

extension DatasetVerification {
  /// Checks the files of a named dataset.
  ///
  /// - Complexity: reads every file once, and decodes those whose bytes differ.
  /// - Throws: ``DatasetError`` of kind `inaccessibleFile` for a file that cannot be read.
  static func verify(
    _ manifest: DatasetManifest, in folder: String
  ) throws(DatasetError) -> DatasetVerification {
    var files: [File] = []
    for file in manifest.files {
      files.append(
        File(path: file.path, verdict: try verdict(on: file, at: "\(folder)/\(file.path)")))
    }
    let missingCount = files.count { $0.verdict == .missing }
    if manifest.hasUnlistedFiles {
      files += try unlistedFiles(of: manifest, in: folder)
      files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
    let surplus = files.count - manifest.imageCount
    var matches: Bool?
    if let stated = manifest.concatenatedSHA1, missingCount == 0 {
      matches = try stated == concatenatedSHA1(of: files, in: folder)
    }
    return DatasetVerification(
      dataset: manifest.name, folder: folder, files: files, unnamedMissingCount: max(0, -surplus),
      surplusCount: max(0, surplus), matchesConcatenatedSHA1: matches)
  }

  /// Draws the images of a set that needs no files.
  static func verify(drawn dataset: Dataset) -> DatasetVerification {
    DatasetVerification(
      dataset: dataset.name, folder: nil,
      files: dataset.images.map { image in
        File(path: image.path, verdict: (try? image.load()) == nil ? .wrongDigest : .ok)
      }, unnamedMissingCount: 0, surplusCount: 0, matchesConcatenatedSHA1: nil)
  }

  /// Reads every image of a folder about which no manifest says anything.
  ///
  /// - Throws: ``DatasetError`` when the folder cannot be listed or holds no image.
  static func verify(folder: String) throws(DatasetError) -> DatasetVerification {
    let paths = try ImageFolder.images(in: folder)
    guard !paths.isEmpty else { throw DatasetError.emptyFolder(folder) }
    return DatasetVerification(
      dataset: nil, folder: folder,
      files: paths.map { File(path: $0, verdict: readability(of: "\(folder)/\($0)")) },
      unnamedMissingCount: 0, surplusCount: 0, matchesConcatenatedSHA1: nil)
  }

  /// The PNG files of a folder that the manifest does not list but that belong to the set.
  private static func unlistedFiles(
    of manifest: DatasetManifest, in folder: String
  ) throws(DatasetError) -> [File] {
    let listed = Set(manifest.files.map(\.path))
    return try ImageFolder.images(in: folder)
      .filter { DatasetManifest.mayBeUnlisted($0) && !listed.contains($0) }
      .map { File(path: $0, verdict: readability(of: "\(folder)/\($0)")) }
  }

  private static func verdict(
    on file: DatasetManifest.File, at path: String
  ) throws(DatasetError) -> Verdict {
    guard FileManager.default.fileExists(atPath: path) else { return .missing }
    guard try digest(ofFile: path) != file.sha256 else { return .ok }
    guard let decoded = try? ImageFile.read(path: path) else { return .wrongDigest }
    return SHA256Digest.pixels(of: decoded.image) == file.pixelsSHA256 ? .okByPixels : .wrongDigest
  }

  private static func readability(of path: String) -> Verdict {
    (try? ImageFile.read(path: path)) == nil ? .unreadable : .unverified
  }

  private static func digest(ofFile path: String) throws(DatasetError) -> String {
    do {
      return try SHA256Digest.file(at: path)
    } catch {
      throw DatasetError.unreadableFile(path)
    }
  }

  private static func concatenatedSHA1(
    of files: [File], in folder: String
  ) throws(DatasetError) -> String {
    do {
      return try SHA256Digest.concatenatedSHA1(ofFiles: files.map { "\(folder)/\($0.path)" })
    } catch {
      throw DatasetError.unreadableFile(folder)
    }
  }
}

extension DatasetError {
  /// A folder that holds nothing to measure.
  static func emptyFolder(_ folder: String) -> DatasetError {
    DatasetError(
      .emptyFolder,
      "the folder \(folder) holds no PNG, PPM, PGM or PNM file; give a folder with images")
  }

  /// A file that is there and cannot be read.
  static func unreadableFile(_ path: String) -> DatasetError {
    DatasetError(.inaccessibleFile, "\(path) cannot be read; check its permissions")
  }
}
