import RateDistortion
import Results

/// How `rdbench compare` writes its result.
public enum GateFormat: String, CaseIterable, Sendable {
  /// Aligned columns for a terminal, the verdicts last.
  case table
  /// Markdown for a job summary, the verdicts first.
  case markdown
  /// JSON.
  case json

  /// The text of a report.
  ///
  /// - Throws: an error of the encoder, for JSON.
  public func text(_ report: GateReport) throws -> String {
    switch self {
    case .table: Self.table(report)
    case .markdown: Self.markdown(report)
    case .json: try JSONText.text(report.json) + "\n"
    }
  }

  private static func table(_ report: GateReport) -> String {
    var table = TextTable(report.titles.enumerated().map { ($1, $0 == 0 ? .left : .right) })
    for row in report.rows { table.add(row) }
    let sentences = report.sentences.map { "\($0).\n" }.joined()
    return table.text + "\n" + (sentences.isEmpty ? "" : sentences + "\n")
      + report.verdicts.map { "\($0).\n" }.joined() + "\(report.conclusion).\n"
  }

  private static func markdown(_ report: GateReport) -> String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    func escaped(_ text: String) -> String {
      text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
    let rule = report.titles.indices.map { $0 == 0 ? "---" : "---:" }
    return "### rdbench compare \(report.conclusion)\n\n"
      + report.verdicts.map { "- \(escaped($0)).\n" }.joined() + "\n" + row(report.titles)
      + row(rule)
      + report.rows.map { cells in
        row(cells.enumerated().map { escaped($0 == 0 ? $1 : $1.replacing("-", with: "\u{2212}")) })
      }.joined()
      + (report.sentences.isEmpty ? "" : "\n")
      + report.sentences.map { "- \(escaped($0)).\n" }.joined()
  }
}
