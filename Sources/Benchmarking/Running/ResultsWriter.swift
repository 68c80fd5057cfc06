import Foundation

/// Writes `results.csv` and `results.meta.json` into a folder.
///
/// Rows may come in any order and are written in the plan's: each as soon as all before it are
/// there. They go to `results.partial.csv`, which takes its final name when the run ends, so an
/// earlier complete file is never lost to a run that breaks off. The partial file is locked as long
/// as the run lasts, and one that a killed run left behind is moved aside, not written over.
public struct ResultsWriter {
  private let folder: URL
  private let partial: URL
  private let handle: FileHandle
  private var nextPosition = 0
  private var waiting: [Int: ResultRow] = [:]

  /// Where the rows of an earlier run that was killed are now, if there were any.
  public let rescuedPath: String?

  /// Opens the files of a run.
  ///
  /// - Parameters:
  ///   - folder: where the files go; made when it is not there.
  ///   - planDigest: ``Plan/digest`` of the run.
  ///   - force: whether a file of another plan may be replaced.
  /// - Throws: ``ResultsError`` when the folder cannot be written, holds the results of another
  ///   plan and `force` is `false`, or is in use by another run.
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
    rescuedPath = try Self.moveAside(partial, in: folder)
    let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw ResultsError("the output folder \(path) cannot be written")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try write(ResultsFile.header)
  }

  /// Moves the partial file of a run that was killed to a name that is free.
  ///
  /// - Returns: the new path, or `nil` when there is no such file or no row in it.
  /// - Throws: ``ResultsError`` when its run is still under way.
  private static func moveAside(_ partial: URL, in folder: URL) throws(ResultsError) -> String? {
    let descriptor = open(partial.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw ResultsError(
        "another run is writing to \(folder.path); wait for it, or choose another --output")
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: partial.path)[.size]) as? NSNumber
    if size?.intValue ?? 0 <= ResultsFile.header.utf8.count {
      unlink(partial.path)
      return nil
    }
    var number = 1
    while true {
      let target = folder.appendingPathComponent("results.partial-\(number).csv")
      if !FileManager.default.fileExists(atPath: target.path) {
        guard rename(partial.path, target.path) == 0 else {
          throw ResultsError("\(partial.path) is in the way and cannot be moved")
        }
        return target.path
      }
      number += 1
    }
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
  ///   and the file that is already there has more rows.
  /// - Throws: ``ResultsError`` when the disk is full or the folder has gone; the rows stay in
  ///   `results.partial.csv`.
  public func finish(_ metadata: RunMetadata) throws(ResultsError) -> String {
    var text = ""
    for (_, row) in waiting.sorted(by: { $0.key < $1.key }) { text += ResultsFile.line(row) }
    try write(text)
    let results = folder.appendingPathComponent(Self.resultsName)
    let meta = folder.appendingPathComponent(Self.metaName)
    let existing = try? RunMetadata.read(from: meta)
    if !metadata.completed, FileManager.default.fileExists(atPath: results.path),
      existing?.planDigest == metadata.planDigest, existing?.rows ?? 0 > metadata.rows
    {
      return partial.path
    }
    do {
      try handle.synchronize()
      // The meta file first: should the disk be full, the rows still have their partial name.
      try metadata.json().write(to: meta, options: .atomic)
      // Renaming is atomic and replaces, which FileManager's own move does not.
      guard rename(partial.path, results.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
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
