import Codecs
import Foundation
import Results

/// The rows of `cw` in a results file, by the entropy coder that wrote them.
struct CoderRows {
  /// The coders in the order in which they first appear.
  let coders: [String]
  private let rows: [String: [ResultRow]]

  /// What makes two rows measurements of one picture of one model.
  struct Point: Hashable {
    let dataset: String
    let image: String
    let quality: Quality
  }

  /// Reads a results file.
  ///
  /// - Throws: `CommandFailure` for an unreadable file, one without `cw`, and one in which rows of `cw`
  ///   differ in a parameter other than the coder.
  init(path: String) throws(CommandFailure) {
    let all = try failing { () throws(ResultsError) in try ResultsFile.read(path: path) }
    var coders: [String] = []
    var rows: [String: [ResultRow]] = [:]
    var others: Set<String> = []
    for row in all where row.subject.codec == "cw" {
      var parameters = row.subject.parameters.split(separator: ";").map(String.init)
      guard let index = parameters.firstIndex(where: { $0.hasPrefix("entropy=") }) else { continue }
      let coder = String(parameters.remove(at: index).dropFirst("entropy=".count))
      others.insert(parameters.joined(separator: ";"))
      if rows[coder] == nil { coders.append(coder) }
      rows[coder, default: []].append(row)
    }
    guard !coders.isEmpty else {
      throw CommandFailure("\(path) has no rows of cw: run it with --model and --codecs cw")
    }
    guard others.count == 1 else {
      throw CommandFailure(
        "the rows of cw in \(path) differ in more than the coder: "
          + others.sorted().joined(separator: " and "))
    }
    self.coders = coders
    self.rows = rows
  }

  /// The coder that is asked for, or the first that codes at all.
  ///
  /// - Throws: `CommandFailure` when there is none.
  func coder(_ wanted: String?) throws(CommandFailure) -> String {
    guard let coder = wanted ?? coders.first(where: { $0 != "none" }) else {
      throw CommandFailure("the only coder in the results is none; run cw with another as well")
    }
    guard rows[coder] != nil else {
      throw CommandFailure(
        "there are no rows of cw with entropy=\(coder), there are "
          + coders.joined(separator: ", "))
    }
    return coder
  }

  /// The rows of a coder, in their order.
  subscript(coder: String) -> [ResultRow] { rows[coder] ?? [] }

  /// Pairs the finished rows of two coders.
  ///
  /// - Throws: `CommandFailure` when one of them lacks a row or decodes to another picture.
  func pairs(
    _ first: String, _ second: String
  ) throws(CommandFailure) -> [(first: ResultRow, second: ResultRow)] {
    var partners: [Point: ResultRow] = [:]
    for row in self[second] where row.status == .ok { partners[Point(row)] = row }
    var pairs: [(ResultRow, ResultRow)] = []
    for row in self[first] where row.status == .ok {
      guard let partner = partners[Point(row)] else {
        throw CommandFailure(
          "\(row.subject.image) was measured with entropy=\(first) at a quality at which there is "
            + "no finished row with entropy=\(second)")
      }
      guard partner.scores == row.scores else {
        throw CommandFailure(
          "\(row.subject.image) has other scores with entropy=\(first) than with "
            + "entropy=\(second): the rows are not of the same codes")
      }
      pairs.append((row, partner))
    }
    return pairs
  }
}

extension CoderRows.Point {
  init(_ row: ResultRow) {
    self.init(
      dataset: row.subject.dataset, image: row.subject.image, quality: row.subject.quality)
  }
}
