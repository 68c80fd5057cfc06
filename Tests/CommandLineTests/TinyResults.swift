import TestSupport
import Codecs
import ImageMetrics

@testable import Results

/// Results of two images of 100×80 pixels, small enough to work out by hand.
enum TinyResults {
  /// Rows of a codec: with each quality the PSNR grows by 1 dB and the bytes by `bytes`.
  static func rows(
    _ codec: String, parameters: String = "", qualities: [Double] = [10, 20, 30],
    psnr: Double = 30, bytes: Int = 1000
  ) -> [ResultRow] {
    ["a.png", "b.png"].flatMap { image in
      qualities.enumerated().map { index, quality in
        ResultRow(
          subject: ResultRow.Subject(
            dataset: "tiny", image: image, imageSHA256: nil, width: 100, height: 80, codec: codec,
            codecVersion: "1", parameters: parameters, quality: .value(quality)),
          status: .ok, encodedBytes: bytes * (index + 1),
          scores: [.mse: 10, .psnr: psnr + Double(index), .ssim: 0.9 + Double(index) / 100])
      }
    }
  }

  /// Writes rows as a results file.
  static func write(_ rows: [ResultRow], to name: String, in folder: TemporaryFolder) throws {
    let text = ResultsFile.header + rows.map(ResultsFile.line).joined()
    try folder.write(Array(text.utf8), to: name)
  }
}
