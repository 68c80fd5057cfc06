import Foundation
import RateDistortion

/// The files that curves come from: our own results and published curves.
public struct CurveFiles: Sendable {
  /// The paths of results of `rdbench run`.
  public let results: [String]
  /// The published curves, in the order of the files.
  public let published: [PublishedCurve]

  /// Sorts files by their content: published curves are JSON, begin with a comment, have two
  /// columns, or those of a collection.
  ///
  /// Files of one codec belong together, as TensorFlow Compression's for PSNR and for MS-SSIM; one
  /// that repeats a metric is told apart by its name.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - systems: which published curves to take, each by its name or how that begins, whatever the
  ///     case; all of them where there is no name.
  /// - Throws: ``AnalysisError`` for a published file that cannot be read, and for a name of no curve.
  public init(paths: [String], systems: [String] = []) throws(AnalysisError) {
    var results: [String] = []
    var published: [PublishedCurve] = []
    var taken: Set<String> = []
    for path in paths {
      guard let text = Self.publishedText(path) else {
        results.append(path)
        continue
      }
      for var curve in try Self.curves(text, path: path) {
        let figures = Set(curve.points.keys.map { "\($0) of \(curve.label) on \(curve.dataset)" })
        if !taken.isDisjoint(with: figures) { curve.source = Self.name(of: path) }
        taken.formUnion(figures)
        published.append(curve)
      }
    }
    self.results = results
    self.published = try Self.choose(systems, of: published)
  }

  private static func choose(
    _ systems: [String], of curves: [PublishedCurve]
  ) throws(AnalysisError) -> [PublishedCurve] {
    if systems.isEmpty { return curves }
    func isNamed(_ curve: PublishedCurve, _ name: String) -> Bool {
      curve.label.lowercased().hasPrefix(name.lowercased())
    }
    for name in systems where !curves.contains(where: { isNamed($0, name) }) {
      guard !curves.isEmpty else {
        throw AnalysisError("--published \(name): there is no file of published curves")
      }
      throw AnalysisError(
        "there is no published curve \(name), there are "
          + curves.map(\.label).joined(separator: "; "))
    }
    return curves.filter { curve in systems.contains { isNamed(curve, $0) } }
  }

  private static func curves(
    _ text: String, path: String
  ) throws(AnalysisError) -> [PublishedCurve] {
    do throws(PublishedCurveError) {
      return try PublishedCurve.read(text, name: name(of: path))
    } catch {
      throw AnalysisError("\(path): \(error.message)")
    }
  }

  private static func name(of path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// The text of a file that is no results file, or `nil`; what cannot be read counts as results, so
  /// that one place says so.
  private static func publishedText(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    let rows = text.split(whereSeparator: \.isNewline)
    guard let first = rows.first else { return nil }
    if first.hasPrefix("{") || first.hasPrefix("#") { return text }
    let columnCount = first.split(separator: ",", omittingEmptySubsequences: false).count
    return columnCount == 2 || PublishedCurve.isCollectionHeader(first) ? text : nil
  }
}
