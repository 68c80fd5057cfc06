import Files
import Foundation
import Results

/// Writes `results.csv` and `results.meta.json` into a folder.
///
/// Rows may come in any order and are written in the plan's: each as soon as all before it are
/// there. They go to `results.partial.csv`, which takes its final name when the run ends, so an
/// earlier complete file is never lost to a run that breaks off. A run that was broken off, be it
/// killed or stopped, is gone on with: its rows are kept and those behind them measured.
public struct ResultsWriter {
  private let folder: URL
  private let partial: PartialResults
  private var nextPosition: Int
  private var waiting: [Int: ResultRow] = [:]

  /// How many rows, from the plan's first on, an earlier run of the same kind left to this one.
  public var keptRowCount: Int { partial.keptRowCount }

  /// Where the rows of another run that was killed are now, if there were any.
  public var rescuedPath: String? { partial.rescuedPath }

  /// Opens the files of a run.
  ///
  /// - Parameters:
  ///   - folder: where the files go; made when it is not there.
  ///   - plan: what is measured.
  ///   - identity: which run this is.
  ///   - force: whether a file of another plan may be replaced.
  ///   - onKeptRow: takes each row that an earlier run left, in the plan's order.
  /// - Throws: `ResultsError` when the folder cannot be written, holds the results of another
  ///   plan and `force` is `false`, or is in use by another run.
  public init(
    folder: String, plan: Plan, identity: RunIdentity, force: Bool,
    onKeptRow: (ResultRow) -> Void = { _ in }
  ) throws(ResultsError) {
    let path = folder
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    self.folder = folder
    let files = FileManager.default
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw ResultsError("the output folder \(path) cannot be made")
    }
    let results = folder.appendingPathComponent(ResultsFile.fileName)
    let hasResults = files.fileExists(atPath: results.path)
    let existing = try Self.metadata(in: folder, isIgnored: force || !hasResults)
    if !force, hasResults, existing?.planDigest != identity.planDigest {
      throw ResultsError(
        "\(path) holds the results of another plan; "
          + "choose another --output, or replace them with --force")
    }
    let wasStopped =
      hasResults && existing?.completed == false && existing?.fingerprint == identity.fingerprint
    partial = try PartialResults(
      folder: folder, fingerprint: identity.fingerprint, stoppedResults: wasStopped ? results : nil
    ) { position, row in
      guard position < plan.measurementCount, plan.expects(row.subject, at: position) else {
        return false
      }
      onKeptRow(row)
      return true
    }
    nextPosition = partial.keptRowCount
  }

  /// The meta file that lies in a folder, or `nil` when there is none.
  ///
  /// - Parameter isIgnored: whether one that cannot be read counts as none, since it is replaced.
  /// - Throws: `ResultsError` for one that cannot be read, as of a later version: nobody knows whose
  ///   results lie beside it.
  private static func metadata(
    in folder: URL, isIgnored: Bool
  ) throws(ResultsError) -> RunMetadata? {
    let file = folder.appendingPathComponent(RunMetadata.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      return try RunMetadata.read(from: file)
    } catch {
      if isIgnored { return nil }
      throw ResultsError(
        "\(file.path) cannot be read, so it is not known which run the results beside it are of; "
          + "choose another --output, or replace them with --force")
    }
  }

  /// Takes one row, and writes it together with those that waited for it.
  ///
  /// - Throws: `ResultsError` when the disk is full; what is in the file stays.
  public mutating func add(_ row: ResultRow, at position: Int) throws(ResultsError) {
    waiting[position] = row
    var text = ""
    while let row = waiting.removeValue(forKey: nextPosition) {
      text += ResultsFile.line(row)
      nextPosition += 1
    }
    try partial.write(text)
  }

  /// Ends the file: writes what still waits, in the plan's order, and gives the file its name.
  ///
  /// - Parameter metadata: what `results.meta.json` says.
  /// - Returns: the path of the results file. It is `results.partial.csv` when the run is incomplete
  ///   and the file that is already there has more rows.
  /// - Throws: `ResultsError` when the disk is full or the folder has gone; the rows stay in
  ///   `results.partial.csv`.
  public func finish(_ metadata: RunMetadata) throws(ResultsError) -> String {
    var text = ""
    for (_, row) in waiting.sorted(by: { $0.key < $1.key }) { text += ResultsFile.line(row) }
    try partial.write(text)
    let results = folder.appendingPathComponent(ResultsFile.fileName)
    let meta = folder.appendingPathComponent(RunMetadata.fileName)
    // One that cannot be read has been given up when the run began.
    let existing = try Self.metadata(in: folder, isIgnored: true)
    if !metadata.completed, FileManager.default.fileExists(atPath: results.path),
      existing?.planDigest == metadata.planDigest, existing?.rows ?? 0 > metadata.rows
    {
      return partial.url.path
    }
    do {
      try partial.synchronize()
      // The meta file first: should the disk be full, the rows still have their partial name.
      try AtomicFile.write(metadata.json(), to: meta.path)
      try partial.rename(to: results)
      return results.path
    } catch {
      throw ResultsError("\(results.path) cannot be written; the rows are in \(partial.url.path)")
    }
  }
}
