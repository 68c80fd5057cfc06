import Plotting
import RateDistortion

/// How `rdbench bd` writes its result.
public enum ComparisonFormat: String, CaseIterable, Sendable {
  /// Aligned columns for a terminal.
  case table
  /// A Markdown table.
  case markdown
  /// A LaTeX tabular with booktabs.
  case latex
  /// JSON.
  case json

  /// The text of comparisons, a line for each configuration and measure.
  ///
  /// - Throws: an error of the encoder, for JSON.
  public func text(_ lines: [AnchorComparison.Line]) throws -> String {
    switch self {
    case .table: Self.table(lines)
    case .markdown: Self.markdown(lines)
    case .latex: Self.latex(lines)
    case .json: try JSONText.text(JSONText.Value.list(lines.map(\.json))) + "\n"
    }
  }

  private static let titles = [
    "codec", "anchor", "metric", "BD-rate (%)", "95 % interval", "BD-quality", "95 % interval",
    "mean curves (%)", "overlap", "images", "dropped points",
  ]
  private static let textColumns = 3

  private static func table(_ lines: [AnchorComparison.Line]) -> String {
    var table = TextTable(
      titles.enumerated().map { ($1, $0 < textColumns ? .left : .right) })
    for line in lines { table.add(line.cells) }
    return table.text + "\n" + lines.map { "\($0.sentence).\n" }.joined()
  }

  private static func markdown(_ lines: [AnchorComparison.Line]) -> String {
    func row(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    let rule = titles.indices.map { $0 < textColumns ? "---" : "---:" }
    let rows = lines.map { line in
      row(
        line.cells.enumerated().map { index, cell in
          index < textColumns ? cell : cell.replacing("-", with: "\u{2212}")
        })
    }
    return row(titles) + row(rule) + rows.joined() + "\n"
      + lines.map { "- \($0.sentence).\n" }.joined()
  }

  private static func latex(_ lines: [AnchorComparison.Line]) -> String {
    func row(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\\n" }
    let alignment = titles.indices.map { $0 < textColumns ? "l" : "r" }.joined()
    return "% Needs \\usepackage{booktabs}.\n"
      + lines.map { "% \($0.sentence).\n" }.joined()
      + "\\begin{tabular}{\(alignment)}\n\\toprule\n" + row(titles.map(TeXText.escaped))
      + "\\midrule\n"
      + lines.map { line in
        row(
          line.cells.enumerated().map { index, cell in
            index < textColumns ? TeXText.escaped(cell) : numeric(cell)
          })
      }.joined()
      + "\\bottomrule\n\\end{tabular}\n"
  }

  /// A cell of numbers, with true minus signs.
  private static func numeric(_ cell: String) -> String {
    guard cell.contains(where: \.isNumber) else { return TeXText.escaped(cell) }
    return "$" + cell.replacing(" to ", with: "$ to $") + "$"
  }
}

extension AnchorComparison.Line {
  /// The cells of a table's row; a figure that there is none of says why.
  fileprivate var cells: [String] {
    [
      label, anchorLabel, measure.id,
      Self.mean(rate, decimals: 1), Self.interval(rate, decimals: 1),
      Self.mean(quality, decimals: measure.fractionDigits),
      Self.interval(quality, decimals: measure.fractionDigits),
      Self.outcome(rate.meanCurves),
      (rate.isPublished ? rate.meanCurves.value?.overlap : rate.meanOverlap)
        .map { fixed($0, 2) } ?? "",
      rate.isPublished ? "" : "\(rate.valueCount)",
      "\(rate.isPublished ? rate.meanCurves.value?.droppedPoints ?? 0 : rate.droppedPoints)",
    ]
  }

  private static func mean(_ delta: SetDelta, decimals: Int) -> String {
    if delta.isPublished { return "" }
    if let mean = delta.mean { return fixed(mean, decimals) }
    for image in delta.images {
      if case .unavailable(let reason) = image.outcome { return reason.rawValue }
    }
    return "no image"
  }

  private static func interval(_ delta: SetDelta, decimals: Int) -> String {
    delta.interval.map { "\(fixed($0.lowerBound, decimals)) to \(fixed($0.upperBound, decimals))" }
      ?? ""
  }

  private static func outcome(_ outcome: BjontegaardDelta.Outcome) -> String {
    switch outcome {
    case .value(let value): fixed(value.delta, 1)
    case .unavailable(let reason): reason.rawValue
    }
  }

  /// Everything that is known, for machines.
  fileprivate var json: JSONText.Value {
    .object([
      "codec": .string(rate.test.codec), "parameters": .string(rate.test.parameters),
      "dataset": .string(rate.test.dataset), "source": .string(rate.test.source),
      "anchor": .string(rate.anchor.codec), "anchor_parameters": .string(rate.anchor.parameters),
      "anchor_source": .string(rate.anchor.source), "metric": .string(measure.id),
      "bd_rate_percent": Self.json(rate), "bd_quality": Self.json(quality),
      "published": .bool(rate.isPublished),
      "left_out_images": .list(rate.leftOutImages.map { .string($0) }),
      "sentence": .string(sentence),
    ])
  }

  private static func json(_ delta: SetDelta) -> JSONText.Value {
    .object([
      "mean": .number(delta.mean), "interval_lower": .number(delta.interval?.lowerBound),
      "interval_upper": .number(delta.interval?.upperBound),
      "mean_overlap": .number(delta.meanOverlap), "image_count": .integer(delta.valueCount),
      "dropped_points": .integer(delta.droppedPoints), "mean_curves": json(delta.meanCurves),
      "images": .object(
        Dictionary(uniqueKeysWithValues: delta.images.map { ($0.image, json($0.outcome)) })),
    ])
  }

  private static func json(_ outcome: BjontegaardDelta.Outcome) -> JSONText.Value {
    switch outcome {
    case .value(let value):
      .object([
        "value": .number(value.delta), "overlap": .number(value.overlap),
        "dropped_points": .integer(value.droppedPoints),
      ])
    case .unavailable(let reason):
      .object(["value": .number(nil), "reason": .string(reason.rawValue)])
    }
  }
}
