import Files
import Foundation
import Results

/// The results of all shards of a plan, put together again.
///
/// The rows come out in the plan's order, as one undisturbed run would have written them. Nothing is
/// guessed: a shard that is missing, there twice, incomplete, or of another plan, program version or
/// library version is an error that says which.
public struct ShardMerge {
  /// The rows in the plan's order.
  public let rows: [ResultRow]
  /// The metadata of the whole.
  public let metadata: RunMetadata

  /// One shard's results.
  public struct Part {
    /// What to call it in messages, such as its path.
    public let name: String
    /// Its metadata.
    public let metadata: RunMetadata
    /// Its rows in the order of its file.
    public let rows: [ResultRow]

    /// Reads `results.csv` and `results.meta.json` of a folder.
    ///
    /// - Throws: `ResultsError` that names the file that cannot be read.
    public init(folder: String) throws(ResultsError) {
      let url = URL(fileURLWithPath: folder, isDirectory: true)
      name = folder
      do {
        metadata = try RunMetadata.read(from: url.appendingPathComponent(RunMetadata.fileName))
      } catch {
        throw ResultsError(
          "\(folder) has no readable \(RunMetadata.fileName); is it the output of a run?")
      }
      rows = try ResultsFile.read(
        path: url.appendingPathComponent(ResultsFile.fileName).path)
    }
  }

  /// Puts shards together.
  ///
  /// - Parameters:
  ///   - parts: the shards in any order.
  ///   - commandLine: the arguments of the merging program, for the metadata.
  /// - Throws: `ResultsError` for anything that an undisturbed run could not have written.
  public init(_ parts: [Part], commandLine: [String]) throws(ResultsError) {
    let sorted = try Self.complete(parts)
    let first = sorted[0].metadata
    for part in sorted.dropFirst() { try Self.check(part, fits: sorted[0]) }

    let rowsPerImage = first.rowsPerImage
    let imageCount = first.dataset.images
    var rows: [ResultRow] = []
    rows.reserveCapacity(imageCount * rowsPerImage)
    for index in 0..<imageCount {
      let part = sorted[index % sorted.count]
      let start = index / sorted.count * rowsPerImage
      let block = part.rows[start..<start + rowsPerImage]
      guard Set(block.map(\.subject.image)).count == 1 else {
        throw ResultsError(
          "\(part.name) has other rows than its plan at row \(start + 1); run it again")
      }
      rows += block
    }
    self.rows = rows
    metadata = RunMetadata(merging: sorted.map(\.metadata), rows: rows, commandLine: commandLine)
  }

  /// Writes `results.csv` and `results.meta.json`.
  ///
  /// - Parameters:
  ///   - path: the folder; made when it is not there.
  ///   - force: whether results of another plan may be replaced.
  /// - Returns: the path of the results file.
  /// - Throws: `ResultsError` when the folder cannot be written or holds other results.
  public func write(toFolder path: String, force: Bool) throws(ResultsError) -> String {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    let results = folder.appendingPathComponent(ResultsFile.fileName)
    let meta = folder.appendingPathComponent(RunMetadata.fileName)
    if !force, FileManager.default.fileExists(atPath: results.path),
      (try? RunMetadata.read(from: meta))?.planDigest != metadata.planDigest
    {
      throw ResultsError(
        "\(path) holds the results of another plan; "
          + "choose another --output, or replace them with --force")
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let text = ResultsFile.header + rows.map(ResultsFile.line).joined()
      try AtomicFile.write(metadata.json(), to: meta.path)
      try AtomicFile.write(Data(text.utf8), to: results.path)
    } catch {
      throw ResultsError("\(results.path) cannot be written, perhaps the disk is full")
    }
    return results.path
  }

  /// The shards by their number, each there once and with all its rows.
  private static func complete(_ parts: [Part]) throws(ResultsError) -> [Part] {
    var byNumber: [Int: Part] = [:]
    var count = 0
    for part in parts {
      guard let shard = part.metadata.shard?.shard else {
        throw ResultsError(
          "\(part.name) is of a whole run, not of a shard; there is nothing to merge")
      }
      guard count == 0 || shard.count == count else {
        throw ResultsError("\(part.name) is shard \(shard.text), the others are of \(count)")
      }
      count = shard.count
      if let other = byNumber.updateValue(part, forKey: shard.number) {
        throw ResultsError("\(other.name) and \(part.name) are both shard \(shard.text)")
      }
    }
    guard count > 0 else { throw ResultsError("there are no shards to merge") }
    let missing = (1...count).filter { byNumber[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map { "\($0)/\(count)" }.joined(separator: ", ")
      throw ResultsError(
        missing.count == 1 ? "shard \(names) is missing" : "shards \(names) are missing")
    }
    let sorted = (1...count).compactMap { byNumber[$0] }
    for part in sorted {
      let metadata = part.metadata
      let images = metadata.shard?.shard?.imageIndexes(of: metadata.dataset.images)
      let expected = (images.map { Array($0).count } ?? 0) * metadata.rowsPerImage
      guard metadata.completed, part.rows.count == expected else {
        throw ResultsError(
          "\(part.name) has \(part.rows.count) of \(expected) rows; "
            + "start its run again to complete it")
      }
    }
    return sorted
  }

  private static func check(_ part: Part, fits first: Part) throws(ResultsError) {
    let (a, b) = (first.metadata, part.metadata)
    let difference: String? =
      if a.rdbenchVersion != b.rdbenchVersion || a.build != b.build {
        "another build of rdbench"
      } else if a.codecs != b.codecs {
        "other codecs, library versions, parameters or qualities"
      } else if a.dataset.name != b.dataset.name || a.dataset.images != b.dataset.images
        || a.dataset.manifestDigest != b.dataset.manifestDigest
      {
        "another dataset"
      } else if a.metrics != b.metrics {
        "other metrics"
      } else if a.shard?.wholePlanDigest != b.shard?.wholePlanDigest {
        "another plan"
      } else {
        nil
      }
    if let difference {
      throw ResultsError("\(part.name) is of \(difference) than \(first.name)")
    }
  }
}
