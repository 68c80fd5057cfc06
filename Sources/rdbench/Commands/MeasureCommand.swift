import Analysis
import ArgumentParser
import Foundation
import ImageMetrics
import Imaging

/// `rdbench measure`: the metrics of two image files.
struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Compare two images with every metric.",
    discussion: """
      Both images must have the same size and colour model. SSIM needs 11 pixels a side and MS-SSIM \
      161; a metric that does not apply is shown as n/a (null with --json). Identical images have \
      an infinite PSNR (“inf”; null and "identical": true with --json).

      EXAMPLES:
        rdbench measure original.png decoded.png
        rdbench measure original.png decoded.ppm --metrics psnr,ms_ssim --json
      """)

  @Argument(help: "The original, PNG or PNM.", completion: .file())
  var reference: String

  @Argument(help: "The image to judge, PNG or PNM.", completion: .file())
  var distorted: String

  @Option(help: ArgumentHelp("Metrics, separated by commas, or ‘all’.", valueName: "list"))
  var metrics = "all"

  @Flag(help: "Print JSON with the column names of results.csv.")
  var json = false

  func run() throws {
    let metrics = try MetricID.argument(metrics)
    let original = try ImageArgument(reference).read()
    let judged = try ImageArgument(distorted).read()
    let scores: MetricScores
    do throws(MetricError) {
      scores = try MetricSuite(metrics).prepare(original).scores(of: judged)
    } catch {
      throw CommandFailure("\(reference) and \(distorted) cannot be compared: \(error.message)")
    }
    if json {
      try print(JSONText.object(fields(metrics, scores, areIdentical: original == judged)))
    } else {
      print(table(metrics, scores), terminator: "")
    }
  }

  private func table(_ metrics: [MetricID], _ scores: MetricScores) -> String {
    var table = TextTable([("metric", .left), ("value", .right)])
    for metric in metrics {
      let decimals = metric.descriptor.measuredDigits
      table.add([metric.rawValue, scores[metric].map { fixed($0, decimals) } ?? "n/a"])
    }
    return table.text
  }

  private func fields(
    _ metrics: [MetricID], _ scores: MetricScores, areIdentical: Bool
  ) -> [String: JSONText.Value] {
    var fields: [String: JSONText.Value] = ["identical": .bool(areIdentical)]
    for metric in metrics { fields[metric.rawValue] = .number(scores[metric]) }
    return fields
  }
}
