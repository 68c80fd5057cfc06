import Codecs
import Foundation
import ImageMetrics

@testable import Results

/// Rows that are made up so that every figure can be worked out by hand.
///
/// From setting to setting PSNR grows by 1 dB and the bytes double, so that a factor of the rate is a
/// constant distance of the curves: half the bytes are −50 % of rate and 1 dB of quality.
enum MadeUpRows {
  /// The images have 100×80 pixels, so that 1000 bytes are 1 bit per pixel.
  ///
  /// - Parameter bytes: those of each image at its first setting, the last for all that follow.
  static func rows(
    _ codec: String, parameters: String = "", dataset: String = "tiny",
    images: [String] = ["a.png", "b.png"], steps: Int = 5, psnr: Double = 30,
    bytes: [Int] = [1000], change: (inout ResultRow) -> Void = { _ in }
  ) -> [ResultRow] {
    images.enumerated().flatMap { index, image in
      (0..<steps).map { step in
        var row = ResultRow(
          subject: ResultRow.Subject(
            dataset: dataset, image: image, imageSHA256: nil, width: 100,
            height: 80, codec: codec, codecVersion: "1", parameters: parameters,
            quality: .value(Double(step + 1) * 10)),
          status: .ok, encodedBytes: bytes[min(index, bytes.count - 1)] << step,
          scores: [.mse: 10, .psnr: psnr + Double(step), .ssim: 0.5 + Double(step) / 10],
          bitstreamSHA256: "\(image) \(step)")
        change(&row)
        return row
      }
    }
  }

  /// Rows that gave the original back.
  static func lossless(_ codec: String = "raw") -> [ResultRow] {
    rows(codec, steps: 1) { row in
      row.subject.quality = .fixed
      row.scores = [.mse: 0, .psnr: .infinity, .ssim: 1]
    }
  }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("rdbench-analysis-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, with the folders that it needs.
  ///
  /// - Returns: its path.
  @discardableResult
  func write(_ data: Data, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  /// Writes rows as a results file.
  @discardableResult
  func write(_ rows: [ResultRow], to name: String) throws -> String {
    let text = ResultsFile.header + rows.map(ResultsFile.line).joined()
    return try write(Data(text.utf8), to: name)
  }
}
