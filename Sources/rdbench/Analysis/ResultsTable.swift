import Benchmarking
import Codecs
import Foundation
import ImageMetrics
import RateDistortion
import Results
import StrictJSON

/// The rows of one or several results files, as curves are made of them.
struct ResultsTable {
  /// A row with the name of the file that it came from.
  struct Entry {
    let key: CurveKey
    let row: ResultRow
    /// The position of its file in ``paths``.
    let file: Int
  }

  /// The rows that are kept, in the order of the files.
  let entries: [Entry]
  /// The files.
  let paths: [String]
  /// What tells each file apart from the others: the end of its path, without the extension.
  let names: [String]

  /// The configurations in the order in which they first appear.
  let keys: [CurveKey]

  /// Reads results files.
  ///
  /// - Parameters:
  ///   - paths: one or more files; a curve is named after its file only where two files have the
  ///     same configuration.
  ///   - codecs: the ids of the codecs to keep, or `nil` for all.
  /// - Throws: `CommandFailure` for an unreadable file and for a codec that no file has.
  init(paths: [String], codecs: [String]?) throws(CommandFailure) {
    let names = Self.names(ofFiles: paths)
    var entries: [Entry] = []
    for (file, (path, name)) in zip(paths, names).enumerated() {
      let rows = try failing { () throws(ResultsError) in try ResultsFile.read(path: path) }
      guard !rows.isEmpty else { throw CommandFailure("\(path) has no rows") }
      Self.noteIncompleteRun(path)
      entries += rows.map { Entry(key: $0.curveKey(source: name), row: $0, file: file) }
    }
    if let codecs {
      try Self.check(codecs, available: entries.map(\.key.codec))
      entries = entries.filter { codecs.contains($0.key.codec) }
    }
    self.entries = entries
    self.paths = paths
    self.names = names
    keys = Self.unique(entries.map(\.key))
  }

  /// The configurations with the column that a measure is computed from.
  ///
  /// - Throws: `CommandFailure` when an image was measured twice at one setting.
  func sweeps(for measure: QualityMeasure) throws(CommandFailure) -> [Sweep] {
    guard let column = MetricID(rawValue: measure.column) else {
      preconditionFailure("\(measure.column) is a column of the results")
    }
    let measurements = Dictionary(grouping: entries, by: \.key).mapValues { entries in
      entries.map { $0.row.measurement(of: column) }
    }
    var sweeps: [Sweep] = []
    for key in keys {
      do throws(SweepError) {
        sweeps.append(try Sweep(key: key, measurements: measurements[key] ?? []))
      } catch {
        throw CommandFailure("\(key.source): \(error.message)")
      }
    }
    return sweeps
  }

  /// Says so when the meta file beside the results tells of a run that was broken off.
  private static func noteIncompleteRun(_ path: String) {
    let url = URL(fileURLWithPath: path)
    guard url.lastPathComponent == ResultsWriter.resultsName else { return }
    let meta = url.deletingLastPathComponent().appendingPathComponent(ResultsWriter.metaName)
    if let metadata = try? RunMetadata.read(from: meta), !metadata.completed {
      Console.note("\(path) is of a run that was stopped early, with \(metadata.rows) rows")
    }
  }

  /// The shortest ends of the paths that tell the files apart, without the extension.
  private static func names(ofFiles paths: [String]) -> [String] {
    let components = paths.map { path in
      URL(fileURLWithPath: path).deletingPathExtension().pathComponents.filter { $0 != "/" }
    }
    var length = 1
    var names = components.map { $0.suffix(length).joined(separator: "/") }
    while Set(names).count < names.count, components.contains(where: { $0.count > length }) {
      length += 1
      names = components.map { $0.suffix(length).joined(separator: "/") }
    }
    return names
  }

  private static func check(
    _ codecs: [String], available: [String]
  ) throws(CommandFailure) {
    let names = unique(available)
    for codec in codecs where !names.contains(codec) {
      let hint = didYouMean(codec, in: names)
      throw CommandFailure(
        "there are no results of \(codec), there are \(names.joined(separator: ", "))\(hint)")
    }
  }

  private static func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
  }
}
