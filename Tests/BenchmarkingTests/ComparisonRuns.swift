import TestSupport
import Codecs
import Foundation
import ImageMetrics
import RateDistortion

@testable import Benchmarking
@testable import Comparing
@testable import Datasets
@testable import Results

/// Runs of three small images, made up so that each verdict can be worked out by hand.
enum ComparisonRuns {
  static let images = ["a.png", "b.png", "c.png"]
  static let qualities: [Double?] = [10, 20, 30, 40, 50]

  /// Rows in which PSNR grows by 1 dB and the bytes by a factor of 1.5 from setting to setting.
  static func rows(
    _ codec: String = "jpeg", parameters: String = "", qualities: [Double?] = qualities,
    version: String = "libjpeg 1", change: (inout ResultRow) -> Void = { _ in }
  ) -> [ResultRow] {
    images.enumerated().flatMap { imageIndex, image in
      qualities.enumerated().map { index, quality in
        var row = ResultRow(
          subject: ResultRow.Subject(
            dataset: "made-up", image: image, imageSHA256: "pixels of \(image)", width: 1000,
            height: 1000, codec: codec, codecVersion: version, parameters: parameters,
            quality: quality.map { .value($0) } ?? .fixed),
          status: .ok,
          encodedBytes: (imageIndex + 2) * Int((10_000 * pow(1.5, Double(index))).rounded()),
          scores: [.mse: 10, .psnr: 30 + Double(index)],
          timing: ResultRow.Timing(
            encodeSeconds: 0.01 * Double(index + 1), encodeCPUSeconds: 0.01,
            decodeSeconds: 0.005 * Double(index + 1), decodeCPUSeconds: 0.005),
          bitstreamSHA256: "bytes of \(image) \(index)")
        change(&row)
        return row
      }
    }
  }

  /// A meta file that differs from the usual one in what is given.
  static func metadata(
    instructionSets: [String] = ["avx2"], processor: String? = "Fast 1", jobs: Int = 1,
    configuration: String = "release", rowCount: Int = 15, reusedRows: Int = 0
  ) throws -> RunMetadata {
    let plan = Plan(
      dataset: Dataset(name: "made-up", images: [], digestOfManifest: nil), sweeps: [],
      metrics: [.psnr])
    let metadata = RunMetadata(
      plan: plan, commandLine: ["rdbench"], jobs: jobs, start: .distantPast, end: .distantPast,
      pixelDigests: [:], rowCount: rowCount, failureCount: 0,
      reuse: RunMetadata.Reuse(reusedRows: reusedRows))
    // The machine and the build are not for callers to choose, so the text is changed instead.
    var object = try JSONSerialization.jsonObject(with: metadata.json()) as? [String: Any] ?? [:]
    var machine = object["machine"] as? [String: Any] ?? [:]
    machine["instruction_sets"] = instructionSets
    machine["processor"] = processor
    object["machine"] = machine
    object["build"] = ["configuration": configuration]
    let folder = try TemporaryFolder()
    let url = URL(fileURLWithPath: "\(folder.path)/results.meta.json")
    try JSONSerialization.data(withJSONObject: object).write(to: url)
    return try RunMetadata.read(from: url)
  }

  static func run(
    _ rows: [ResultRow], name: String = "new.csv", metadata: RunMetadata? = nil
  ) -> RecordedRun {
    RecordedRun(
      name: name, rows: rows,
      metadata: metadata.map { .known($0) } ?? .unknown("there is no meta file"))
  }

  /// Compares rows with those of ``rows(_:parameters:qualities:version:change:)``.
  static func compare(
    _ new: [ResultRow], with baseline: [ResultRow] = rows(), newMetadata: RunMetadata? = nil,
    baselineMetadata: RunMetadata? = nil, rules change: (inout ComparisonRules) -> Void = { _ in }
  ) throws -> RunComparison {
    var rules = ComparisonRules(
      measures: QualityMeasure.named("psnr"), portableCodecs: ["jpeg"])
    change(&rules)
    return try RunComparison(
      of: run(new, metadata: newMetadata),
      against: run(baseline, name: "old.csv", metadata: baselineMetadata), rules: rules)
  }
}
