import Comparing
import RateDistortion

/// What `rdbench compare` has to say: a row for each codec, sentences, and the verdicts.
public struct GateReport: Sendable {
  /// What is reported.
  public let comparison: RunComparison
  /// The findings that are there and that were asked for, in the order of their definition.
  public let failures: [ComparisonFinding]
  /// The sentences, without full stops: what the figures alone do not say.
  public let sentences: [String]
  /// One sentence for each kind of finding, whether it was asked for or not.
  public let verdicts: [String]

  private let labels: CurveLabels

  /// Puts a comparison into words.
  ///
  /// - Parameters:
  ///   - comparison: what was found.
  ///   - failOn: which findings are failures.
  public init(_ comparison: RunComparison, failOn: Set<ComparisonFinding>) {
    let labels = CurveLabels(
      comparison.curves.map(\.key) + comparison.missingCurves + comparison.addedCurves)
    self.comparison = comparison
    self.labels = labels
    failures = ComparisonFinding.allCases.filter {
      failOn.contains($0) && comparison.findings.contains($0)
    }
    var sentences = comparison.curves.flatMap { $0.sentences(label: labels[$0.key]) }
    sentences += comparison.missingCurves.map { "\(labels[$0]) is only in the baseline" }
    sentences += comparison.addedCurves.map { "\(labels[$0]) is only in the new run" }
    if comparison.reusedCount > 0 {
      sentences.append(
        "the new run took \(comparison.reusedCount) measurements from the store, where a change of "
          + "the program may not show; make it with --no-cache")
    }
    if let obstacle = comparison.timeObstacle {
      sentences.append("no times are compared: \(obstacle)")
    }
    self.sentences = sentences
    verdicts = ComparisonFinding.allCases.map { Self.verdict($0, comparison, labels, failOn) }
  }

  /// `passed`, or what failed.
  public var conclusion: String {
    failures.isEmpty ? "passed" : "failed: \(failures.map(\.name).joined(separator: ", "))"
  }

  /// The titles of the table, one column for each metric.
  public var titles: [String] {
    ["codec", "measurements", "bitstreams"]
      + comparison.rules.measures.map { "BD-rate, \($0.name)" }
      + ["encoding time", "decoding time"]
  }

  /// The rows of the table.
  public var rows: [[String]] {
    comparison.curves.map { curve in
      [labels[curve.key], curve.measurementCell, curve.bitstreams.cell]
        + comparison.rules.measures.map { measure in
          curve.rateDistortion.first { $0.measure == measure }?.cell ?? ""
        } + [curve.encoding.cell, curve.decoding.cell]
    }
  }

  private static func verdict(
    _ finding: ComparisonFinding, _ comparison: RunComparison, _ labels: CurveLabels,
    _ failOn: Set<ComparisonFinding>
  ) -> String {
    var names = comparison.curves.filter { $0.findings.contains(finding) }.map { labels[$0.key] }
    if finding == .rateDistortion, !comparison.rules.allowsMissing {
      names += comparison.missingCurves.map { labels[$0] }
    }
    if !names.isEmpty {
      let hint = failOn.contains(finding) ? "" : ", which --fail-on does not ask for"
      return "\(finding.name): \(names.joined(separator: ", "))\(hint)"
    }
    if finding == .speed, comparison.timeObstacle != nil { return "\(finding.name): not compared" }
    let unknown = comparison.curves.filter { !$0.isKnown(finding) }.map { labels[$0.key] }
    let rest = unknown.isEmpty ? "" : ", not comparable for \(unknown.joined(separator: ", "))"
    return "\(finding.name): none\(rest)"
  }
}

extension ComparisonFinding {
  /// The finding in words.
  var name: String {
    switch self {
    case .bitstream: "bitstreams changed"
    case .rateDistortion: "worse in rate and distortion"
    case .speed: "slower"
    }
  }
}

extension CurveComparison {
  /// Whether there is a verdict of a kind at all.
  fileprivate func isKnown(_ finding: ComparisonFinding) -> Bool {
    switch finding {
    case .bitstream:
      if case .notComparable = bitstreams.outcome { false } else { true }
    case .rateDistortion: rateDistortion.contains { $0.outcome != .notApplicable }
    case .speed: encoding.figures != nil || decoding.figures != nil
    }
  }

  fileprivate var measurementCell: String {
    missing.isEmpty ? "\(pairCount)" : "\(pairCount) of \(pairCount + missing.count)"
  }
}

extension BitstreamVerdict {
  fileprivate var cell: String {
    switch outcome {
    case .same: "same"
    case .changed: "\(changed.count) changed"
    case .notComparable: changed.isEmpty ? "" : "\(changed.count) differ"
    }
  }
}

extension RateDistortionVerdict {
  fileprivate var cell: String {
    let figure = curves.mean.map { signed($0, 2) + " %" }
    let word = outcome == .notApplicable ? "" : outcome.rawValue
    return [figure, figure != nil && outcome == .same ? nil : word].compactMap(\.self)
      .joined(separator: ", ")
  }
}

extension SpeedVerdict {
  fileprivate var cell: String {
    guard let figures else { return "" }
    let ratio = "\(fixed(figures.ratio, 2))×"
    return switch outcome {
    case .slower: "\(ratio), slower"
    case .faster: "\(ratio), faster"
    case .same, .notComparable: ratio
    }
  }
}

/// A number with its sign, as `+1.25`; 0 and what rounds to it has none.
func signed(_ value: Double, _ decimals: Int) -> String {
  let text = fixed(value, decimals)
  if text.contains(where: { ("1"..."9").contains($0) }) { return value > 0 ? "+\(text)" : text }
  return text.replacing("-", with: "")
}
