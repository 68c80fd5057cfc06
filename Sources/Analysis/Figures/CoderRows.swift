import Codecs
import Results

/// The parameter that names a codec's entropy coder.
public struct CoderParameter: Sendable, Hashable {
  /// The codec's id.
  public let codec: String
  /// The parameter's name.
  public let name: String
  /// The parameter's value that stands for no entropy coding.
  public let uncoded: String

  /// Names a parameter.
  public init(codec: String, name: String, uncoded: String) {
    self.codec = codec
    self.name = name
    self.uncoded = uncoded
  }

  /// The parameter with a value, as specs and results have it.
  func text(_ coder: String) -> String { "\(name)=\(coder)" }
}

/// The rows of a codec in a results file, by the entropy coder that wrote them.
public struct CoderRows: Sendable {
  /// What tells the coders apart.
  public let parameter: CoderParameter
  /// The coders in the order in which they first appear.
  public let coders: [String]
  private let rows: [String: [ResultRow]]

  /// What makes two rows measurements of one picture of one model.
  struct Point: Hashable {
    let dataset: String
    let image: String
    let quality: Quality
  }

  /// The codec's id.
  var codec: String { parameter.codec }

  /// Reads a results file.
  ///
  /// - Throws: ``AnalysisError`` for an unreadable file, one without the codec, and one in which rows
  ///   of the codec differ in a parameter other than the coder.
  public init(path: String, by parameter: CoderParameter) throws(AnalysisError) {
    let rows: [ResultRow]
    do throws(ResultsError) {
      rows = try ResultsFile.read(path: path)
    } catch {
      throw AnalysisError(error.message)
    }
    try self.init(rows, of: path, by: parameter)
  }

  /// Sorts rows.
  ///
  /// - Parameters:
  ///   - all: the rows of a file, those of other codecs among them.
  ///   - path: the file, for what goes wrong.
  ///   - parameter: what tells the coders apart.
  /// - Throws: ``AnalysisError`` when there are none of the codec, or they differ in another parameter.
  init(
    _ all: [ResultRow], of path: String, by parameter: CoderParameter
  ) throws(AnalysisError) {
    var rows: [String: [ResultRow]] = [:]
    var coders: [String] = []
    var others: Set<String> = []
    let prefix = parameter.text("")
    for row in all where row.subject.codec == parameter.codec {
      var parameters = row.subject.parameters.split(separator: ";").map(String.init)
      guard let index = parameters.firstIndex(where: { $0.hasPrefix(prefix) }) else { continue }
      let coder = String(parameters.remove(at: index).dropFirst(prefix.count))
      others.insert(parameters.joined(separator: ";"))
      coders.append(coder)
      rows[coder, default: []].append(row)
    }
    guard !coders.isEmpty else {
      throw AnalysisError(
        "\(path) has no rows of \(parameter.codec): run it with --model and --codecs "
          + parameter.codec)
    }
    guard others.count == 1 else {
      throw AnalysisError(
        "the rows of \(parameter.codec) in \(path) differ in more than the coder: "
          + others.sorted().joined(separator: " and "))
    }
    self.parameter = parameter
    self.coders = coders.withoutRepeats
    self.rows = rows
  }

  /// The coder that is asked for, or the first that codes at all.
  ///
  /// - Throws: ``AnalysisError`` when there is none.
  public func coder(_ wanted: String?) throws(AnalysisError) -> String {
    guard let coder = wanted ?? coders.first(where: { $0 != parameter.uncoded }) else {
      throw AnalysisError(
        "the only coder in the results is \(parameter.uncoded); run \(codec) with another as well")
    }
    guard rows[coder] != nil else {
      throw AnalysisError(
        "there are no rows of \(codec) with \(parameter.text(coder)), there are "
          + coders.joined(separator: ", "))
    }
    return coder
  }

  /// The rows of a coder, in their order.
  subscript(coder: String) -> [ResultRow] { rows[coder] ?? [] }

  /// Pairs the finished rows of two coders.
  ///
  /// - Throws: ``AnalysisError`` when one of them lacks a row or decodes to another picture.
  func pairs(
    _ first: String, _ second: String
  ) throws(AnalysisError) -> [(first: ResultRow, second: ResultRow)] {
    var partners: [Point: ResultRow] = [:]
    for row in self[second] where row.status == .ok { partners[Point(row)] = row }
    var pairs: [(ResultRow, ResultRow)] = []
    for row in self[first] where row.status == .ok {
      guard let partner = partners[Point(row)] else {
        throw AnalysisError(
          "\(row.subject.image) was measured with \(parameter.text(first)) at a quality at which "
            + "there is no finished row with \(parameter.text(second))")
      }
      guard partner.scores == row.scores else {
        throw AnalysisError(
          "\(row.subject.image) has other scores with \(parameter.text(first)) than with "
            + "\(parameter.text(second)): the rows are not of the same codes")
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
