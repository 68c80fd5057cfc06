import Files
import Foundation
import Reporting
import Results

/// Where a results file comes from, without dates and without the machine.
public struct ReportProvenance: Sendable {
  /// What the report says.
  public let run: Report.Run

  /// Describes one of a table's files by itself and by the meta file beside it, where there is one.
  ///
  /// - Throws: ``AnalysisError`` when the results cannot be read.
  public init(_ table: ResultsTable, file index: Int) throws(AnalysisError) {
    let path = table.paths[index]
    guard let digest = try? SHA256Digest.file(at: path) else {
      throw AnalysisError("\(path) cannot be read")
    }
    var fields: [(name: String, value: String)] = [("SHA-256 of the results", digest)]
    if let metadata = RunMetadata.read(besideResults: path) {
      fields += Self.fields(metadata)
    }
    run = Report.Run(title: table.names[index], fields: fields)
  }

  private static func fields(_ metadata: RunMetadata) -> [(name: String, value: String)] {
    let build = metadata.build
    let commit = build.commit.map { $0 + (build.dirty == true ? " with changes" : "") }
    let compiler = build.swift.map { "Swift \($0)" }
    let program = [
      "rdbench \(metadata.rdbenchVersion)", commit, compiler, build.configuration,
    ]
    let dataset = metadata.dataset
    var fields = [
      ("command", metadata.commandLine.joined(separator: " ")),
      ("program", program.compactMap(\.self).joined(separator: ", ")),
      ("dataset", "\(dataset.name), \(dataset.images) image\(dataset.images == 1 ? "" : "s")"),
      ("digest of the pixels", dataset.pixelsDigest),
      ("digest of the plan", metadata.planDigest),
      ("metrics", metadata.metrics.joined(separator: ", ")),
      (
        "rows",
        "\(metadata.rows)\(metadata.completed ? "" : ", of a run that was stopped early")"
          + (metadata.failures == 0 ? "" : ", \(metadata.failures) failed")
      ),
      (
        "times",
        metadata.timingRepeats == 0
          ? "one measurement of each call"
          : "medians of \(metadata.timingRepeats) after a warm-up"
      ),
    ]
    if let manifest = dataset.manifestDigest {
      fields.insert(("digest of the manifest", manifest), at: 3)
    }
    return fields
  }
}
