import Codecs
import Foundation
import Results

/// The rows of a run with what its meta file says, as a comparison needs them.
public struct RecordedRun: Sendable {
  /// The path as the user gave it.
  public let name: String
  /// The rows in the order of the file.
  public let rows: [ResultRow]
  /// What the meta file beside the rows says, or why it says nothing.
  public let metadata: Metadata

  /// The meta file beside a results file.
  public enum Metadata: Sendable {
    /// It is there and belongs to the rows.
    case known(RunMetadata)
    /// It is not there or of other rows: a sentence without a full stop.
    case unknown(String)
  }

  /// Puts a run together.
  public init(name: String, rows: [ResultRow], metadata: Metadata) {
    self.name = name
    self.rows = rows
    self.metadata = metadata
  }

  /// Reads `NAME.csv` and `NAME.meta.json` beside it.
  ///
  /// A meta file that tells of another number of rows is of another run and is not believed.
  ///
  /// - Throws: `ResultsError` for rows that cannot be read and for a file without any.
  public static func read(path: String) throws(ResultsError) -> RecordedRun {
    let rows = try ResultsFile.read(path: path)
    guard !rows.isEmpty else { throw ResultsError("\(path) has no rows") }
    return RecordedRun(name: path, rows: rows, metadata: metadata(of: path, rowCount: rows.count))
  }

  /// The same run with the rows of some configurations alone.
  ///
  /// - Throws: `ResultsError` when there are none.
  public func keeping(_ specs: [CodecSpec]) throws(ResultsError) -> RecordedRun {
    let kept = rows.filter { row in
      let configuration = CodecSpec(
        id: row.subject.codec, canonicalParameters: row.subject.parameters)
      return specs.contains { $0.includes(configuration) }
    }
    guard !kept.isEmpty else {
      let words = specs.map(\.description).joined(separator: ", ")
      throw ResultsError("\(name) has no rows of \(words)")
    }
    return RecordedRun(name: name, rows: kept, metadata: metadata)
  }

  private static func metadata(of path: String, rowCount: Int) -> Metadata {
    let metaPath = (path.hasSuffix(".csv") ? String(path.dropLast(4)) : path) + ".meta.json"
    guard FileManager.default.fileExists(atPath: metaPath) else {
      return .unknown("there is no \(metaPath)")
    }
    guard let metadata = try? RunMetadata.read(from: URL(fileURLWithPath: metaPath)) else {
      return .unknown("\(metaPath) cannot be read")
    }
    guard metadata.rows == rowCount else {
      return .unknown(
        "\(metaPath) is of another run, with \(metadata.rows) rows where \(path) has \(rowCount)")
    }
    return .known(metadata)
  }
}
