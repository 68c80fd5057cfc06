import RateDistortion
import Results

@testable import Reporting

/// Rows as a results file holds them.
enum TestRows {
  /// Two qualities for each image, of 40×30 pixels: 0.8 and 2 bits per pixel.
  static func rows(
    images: [String], codec: String, lossless: Bool = false, failing: String? = nil,
    digests: [String: String] = [:]
  ) throws -> [ResultRow] {
    let columns = ResultsFile.header.split(whereSeparator: \.isNewline)[0].split(separator: ",")
    var text = ResultsFile.header
    for image in images {
      for (quality, error) in [(20, "9"), (50, "4")] {
        var fields: [Substring: String] = [
          "dataset": "set", "image": image, "image_sha256": digests[image] ?? "",
          "width": "40", "height": "30", "codec": codec, "codec_version": "library 1",
          "quality": "\(quality)", "threads": "1",
        ]
        if image == failing {
          fields["status"] = "encode_failed"
          fields["message"] = "it <never> encodes"
        } else {
          fields["status"] = "ok"
          fields["encoded_bytes"] = "\(quality * 6)"
          fields["mse"] = lossless ? "0" : error
          fields["psnr_db"] = lossless ? "inf" : "\(10 + quality)"
        }
        let quoted = columns.map {
          "\"\(fields[$0, default: ""].replacing("\"", with: "\"\""))\""
        }
        text += quoted.joined(separator: ",") + "\n"
      }
    }
    return try ResultsFile.rows(in: Array(text.utf8))
  }

  /// A report of rows, with a measure's scores where one is named.
  static func report(
    _ rows: [ResultRow], title: String = "Title", measure: String? = nil
  ) -> Report {
    let keys = rows.map { $0.curveKey() }
    var report = Report(
      title: title, rows: Array(zip(keys, rows)).map { (key: $0, row: $1) }, published: [],
      labels: CurveLabels(keys))
    for measure in measure.map(QualityMeasure.named) ?? [] {
      report.add(measure, curves: [], notes: [], differences: [], rows: rows)
    }
    return report
  }
}
