import Codecs
import Foundation
import ImageMetrics
import RateDistortion
import Results

/// The rows of one or several results files, as curves are made of them.
public struct ResultsTable: Sendable {
  /// A row with the configuration that it measures.
  public struct Entry: Sendable {
    /// The curve that the row belongs to.
    public let key: CurveKey
    /// The row.
    public let row: ResultRow
    /// The position of its file in ``ResultsTable/paths``.
    public let file: Int
  }

  /// The rows that are kept, in the order of the files.
  public let entries: [Entry]
  /// The files.
  public let paths: [String]
  /// What tells each file apart from the others: the end of its path, without the extension.
  public let names: [String]
  /// The configurations in the order in which they first appear.
  public let keys: [CurveKey]
  /// What is worth knowing of the files, such as that a run was broken off: sentences without a full
  /// stop.
  public let notes: [String]

  /// Reads results files.
  ///
  /// - Parameters:
  ///   - paths: one or more files; a curve is named after its file only where two files have the
  ///     same configuration.
  ///   - codecs: which configurations to keep, or `nil` for all.
  /// - Throws: ``AnalysisError`` for an unreadable file and for a codec that no file has.
  public init(paths: [String], codecs: [CodecSpec]?) throws(AnalysisError) {
    var files: [[ResultRow]] = []
    for path in paths {
      do throws(ResultsError) {
        files.append(try ResultsFile.read(path: path))
      } catch {
        throw AnalysisError(error.message)
      }
    }
    try self.init(
      rows: files, paths: paths, codecs: codecs, notes: paths.compactMap(Self.noteOfIncompleteRun))
  }

  /// Puts the rows of files together.
  ///
  /// - Parameters:
  ///   - rows: those of each file.
  ///   - paths: the files, as many.
  ///   - codecs: which configurations to keep, or `nil` for all.
  ///   - notes: what is worth knowing of the files.
  /// - Throws: ``AnalysisError`` for a file without rows and for a codec that no file has.
  init(
    rows: [[ResultRow]], paths: [String], codecs: [CodecSpec]?, notes: [String] = []
  ) throws(AnalysisError) {
    precondition(rows.count == paths.count)
    let names = Self.names(ofFiles: paths)
    var entries: [Entry] = []
    for (file, rows) in rows.enumerated() {
      guard !rows.isEmpty else { throw AnalysisError("\(paths[file]) has no rows") }
      entries += rows.map { Entry(key: $0.curveKey(source: names[file]), row: $0, file: file) }
    }
    if let codecs {
      let all = entries.map(\.key).withoutRepeats
      var kept: Set<CurveKey> = []
      for spec in codecs { kept.formUnion(try spec.matches(among: all)) }
      entries = entries.filter { kept.contains($0.key) }
    }
    self.entries = entries
    self.paths = paths
    self.names = names
    self.notes = notes
    keys = entries.map(\.key).withoutRepeats
  }

  /// The configurations with the column that a measure is computed from.
  ///
  /// - Throws: ``AnalysisError`` when an image was measured twice at one setting.
  public func sweeps(for measure: QualityMeasure) throws(AnalysisError) -> [Sweep] {
    let column = measure.metric
    let measurements = Dictionary(grouping: entries, by: \.key).mapValues { entries in
      entries.map { $0.row.measurement(of: column) }
    }
    var sweeps: [Sweep] = []
    for key in keys {
      do throws(SweepError) {
        sweeps.append(try Sweep(key: key, measurements: measurements[key] ?? []))
      } catch {
        throw AnalysisError("\(key.source): \(error.message)")
      }
    }
    return sweeps
  }

  /// What has to be said when the meta file beside the results tells of a run that was broken off.
  private static func noteOfIncompleteRun(_ path: String) -> String? {
    guard let metadata = RunMetadata.read(besideResults: path), !metadata.completed else {
      return nil
    }
    return "\(path) is of a run that was stopped early, with \(metadata.rows) rows"
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
}

extension QualityMeasure {
  /// The metric whose column the measure is computed from.
  var metric: MetricID {
    guard let metric = MetricID(rawValue: column) else {
      preconditionFailure("\(column) is a column of the results")
    }
    return metric
  }
}
