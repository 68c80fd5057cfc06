import Foundation

/// Writes `results.csv` and `results.meta.json` into a folder.
///
/// Rows may come in any order and are written in the plan's: each as soon as all before it are
/// there. They go to `results.partial.csv`, which takes its final name when the run ends, so an
/// earlier complete file is never lost to a run that breaks off.
public struct ResultsWriter {
  private let folder: URL
  private let partial: URL
  private let handle: FileHandle
  private var nextPosition = 0
  private var waiting: [Int: ResultRow] = [:]

  /// Opens the files of a run.
  ///
  /// - Parameters:
  ///   - folder: where the files go; made when it is not there.
  ///   - planDigest: ``Plan/digest`` of the run.
  ///   - force: whether a file of another plan may be replaced.
  /// - Throws: ``ResultsError`` when the folder cannot be written, or holds the results of another
  ///   plan and `force` is `false`.
  public init(folder: String, planDigest: String, force: Bool) throws(ResultsError) {
    let path = folder
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    self.folder = folder
    partial = folder.appendingPathComponent("results.partial.csv")
    let files = FileManager.default
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw ResultsError("the output folder \(path) cannot be made")
    }
    if !force, files.fileExists(atPath: folder.appendingPathComponent(Self.resultsName).path) {
      let existing = try? RunMetadata.read(from: folder.appendingPathComponent(Self.metaName))
      guard existing?.planDigest == planDigest else {
        throw ResultsError(
          "\(path) holds the results of another plan; "
            + "choose another --output, or replace them with --force")
      }
    }
    guard files.createFile(atPath: partial.path, contents: Data(ResultsFile.header.utf8)),
      let handle = try? FileHandle(forWritingTo: partial)
    else {
      throw ResultsError("the output folder \(path) cannot be written")
    }
    self.handle = handle
    _ = try? handle.seekToEnd()
  }

  /// The name of the results file.
  public static let resultsName = "results.csv"
  /// The name of the file that describes the run.
  public static let metaName = "results.meta.json"

  /// Takes one row, and writes it together with those that waited for it.
  ///
  /// - Throws: ``ResultsError`` when the disk is full; what is in the file stays.
  public mutating func add(_ row: ResultRow, at position: Int) throws(ResultsError) {
    waiting[position] = row
    var text = ""
    while let row = waiting.removeValue(forKey: nextPosition) {
      text += ResultsFile.line(row)
      nextPosition += 1
    }
    try write(text)
  }

  /// Ends the file: writes what still waits, in the plan's order, and gives the file its name.
  ///
  /// - Parameter metadata: what `results.meta.json` says.
  /// - Returns: the path of the results file. It is `results.partial.csv` when the run is incomplete
  ///   and a complete file of the same plan is already there.
  /// - Throws: ``ResultsError`` when the disk is full or the folder has gone.
  public func finish(_ metadata: RunMetadata) throws(ResultsError) -> String {
    var text = ""
    for (_, row) in waiting.sorted(by: { $0.key < $1.key }) { text += ResultsFile.line(row) }
    try write(text)
    let results = folder.appendingPathComponent(Self.resultsName)
    let meta = folder.appendingPathComponent(Self.metaName)
    do {
      try handle.synchronize()
      try handle.close()
      let isThere = FileManager.default.fileExists(atPath: results.path)
      if isThere, !metadata.completed, (try? RunMetadata.read(from: meta))?.completed == true {
        return partial.path
      }
      // Renaming is atomic and replaces, which FileManager's own move does not.
      guard rename(partial.path, results.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
      try metadata.json().write(to: meta, options: .atomic)
      return results.path
    } catch {
      throw ResultsError("\(results.path) cannot be written; the rows are in \(partial.path)")
    }
  }

  private func write(_ text: String) throws(ResultsError) {
    guard !text.isEmpty else { return }
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw ResultsError(
        "\(partial.path) cannot be written, perhaps the disk is full; what was written stays there")
    }
  }
}
