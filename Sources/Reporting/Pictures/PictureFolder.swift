import Files
import Foundation
import ImageMetrics
import Imaging
import Results

/// The pictures that a run kept beside its results, each checked against its row.
public struct PictureFolder: Sendable {
  private let folder: URL

  /// Looks beside a results file.
  public init(besideResults path: String) {
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
  }

  /// Whether the original of an image was kept.
  public func hasOriginal(of subject: ResultRow.Subject) -> Bool {
    exists(KeptPictures.originalPath(dataset: subject.dataset, image: subject.image))
  }

  /// Whether what a row measured was kept.
  public func hasReconstruction(of subject: ResultRow.Subject) -> Bool {
    exists(KeptPictures.reconstructionPath(of: subject))
  }

  /// Reads the original of a row's image.
  ///
  /// - Throws: ``ReportError`` for a file that cannot be read, or whose pixels have another digest
  ///   than the row says.
  public func original(of row: ResultRow) throws(ReportError) -> Image {
    let path = KeptPictures.originalPath(dataset: row.subject.dataset, image: row.subject.image)
    let image = try read(path)
    if let digest = row.subject.imageSHA256, digest != SHA256Digest.pixels(of: image) {
      throw Self.stale(path)
    }
    return image
  }

  /// Reads what a row measured.
  ///
  /// - Throws: ``ReportError`` for a file that cannot be read, has another size than the original, or
  ///   another mean squared error than the row says.
  public func reconstruction(of row: ResultRow, original: Image) throws(ReportError) -> Image {
    let path = KeptPictures.reconstructionPath(of: row.subject)
    let image = try read(path)
    guard image.width == original.width, image.height == original.height else {
      throw Self.stale(path)
    }
    if let expected = row.scores[.mse] {
      let comparable = original.colorModel == .gray ? image.asGray() : image
      let scores = try? MetricSuite([.mse]).prepare(original).scores(of: comparable)
      guard scores?[.mse] == expected else { throw Self.stale(path) }
    }
    return image
  }

  /// Reads the drawings of a row's side information, in the order of their names.
  ///
  /// - Throws: ``ReportError`` for a file that cannot be read.
  func drawings(of subject: ResultRow.Subject) throws(ReportError) -> [(name: String, image: Image)]
  {
    let reconstruction = URL(fileURLWithPath: KeptPictures.reconstructionPath(of: subject))
    let stem = reconstruction.deletingPathExtension().lastPathComponent + "@"
    let parent = folder.appendingPathComponent(
      KeptPictures.originalPath(dataset: subject.dataset, image: subject.image)
    ).deletingLastPathComponent()
    let files = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    var drawings: [(name: String, image: Image)] = []
    for file in files.sorted() where file.hasPrefix(stem) && file.hasSuffix(".png") {
      let name = String(file.dropFirst(stem.count).dropLast(".png".count))
      let path = KeptPictures.sideInformationPath(of: subject, name: name)
      drawings.append((name, try read(path)))
    }
    return drawings
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  private func read(_ path: String) throws(ReportError) -> Image {
    do throws(ImageError) {
      return try ImageFile.read(path: folder.appendingPathComponent(path).path).image
    } catch {
      throw ReportError(message: "\(path): \(error.message)")
    }
  }

  private static func stale(_ path: String) -> ReportError {
    ReportError(
      message: "\(path) is not the picture that the results tell of; repeat the run with "
        + "--keep-images")
  }
}
