import Files
import Foundation
import Imaging
import Results

@testable import Reporting

/// A folder with the kept pictures of one image, `a.png`, and rows of it and of `b.png`.
final class KeptPicturesFolder {
  let path: String
  let rows: [ResultRow]

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("rdbench-report-\(UUID().uuidString)").path
    let original = Self.picture(offset: 0)
    rows = try TestRows.rows(
      images: ["a.png", "b.png"], codec: "jpeg",
      digests: ["a.png": SHA256Digest.pixels(of: original)])
    try write(original, KeptPictures.originalPath(dataset: "set", image: "a.png"))
    // Every sample is off by 3 and by 2, so the mean squared errors are 9 and 4.
    try write(Self.picture(offset: 3), KeptPictures.reconstructionPath(of: rows[0].subject))
    try write(Self.picture(offset: 2), KeptPictures.reconstructionPath(of: rows[1].subject))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// 40×30 pixels, each sample higher by `offset`.
  static func picture(offset: Int) -> Image {
    let samples = (0..<40 * 30 * 3).map { UInt8($0 * 7 % 200 + offset) }
    return Image(width: 40, height: 30, colorModel: .rgb, samples: samples)
  }

  func write(_ image: Image, _ name: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try ImageFile.write(image, path: file.path)
  }

  func report(_ selection: PictureSelection) throws -> Report {
    var report = TestRows.report(rows)
    let folder = PictureFolder(besideResults: "\(path)/results.csv")
    try report.addPictures(selection, rows: rows.map { (row: $0, folder: folder) })
    return report
  }
}
