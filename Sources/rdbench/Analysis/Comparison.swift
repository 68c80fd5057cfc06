import Codecs
import RateDistortion
import StrictJSON

/// Distances of configurations from an anchor, for one measure.
struct Comparison {
  /// One configuration against the anchor of its dataset.
  struct Line {
    let label: String
    let anchorLabel: String
    let measure: QualityMeasure
    let rate: SetDelta
    let quality: SetDelta

    /// Makes a line of the two distances of one pair of curves.
    init(
      label: String, anchorLabel: String, measure: QualityMeasure,
      distance: (SetDelta.Kind) -> SetDelta
    ) {
      self.label = label
      self.anchorLabel = anchorLabel
      self.measure = measure
      rate = distance(.rate)
      quality = distance(.quality)
    }
  }

  /// The lines in the order of the results.
  let lines: [Line]
  /// What was left out: sentences without a full stop.
  let notes: [String]

  /// Compares every configuration of a table, and published curves, with the anchor.
  ///
  /// - Parameters:
  ///   - published: curves of the table's only dataset, or of one that they name.
  ///   - anchor: which configuration is the anchor.
  ///   - weighting: how images of different sizes share in the mean curves.
  /// - Throws: `CommandFailure` when the anchor is not there or could be several.
  init(
    table: ResultsTable, published: [PublishedCurve], anchor: AnchorArgument,
    measure: QualityMeasure,
    interpolation: Interpolation, weighting: Weighting, names: [String: String]
  ) throws(CommandFailure) {
    let labels = CurveLabels(table.keys + published.map(\.key), names: names)
    let sweeps = try table.sweeps(for: measure)
    var lines: [Line] = []
    var notes: [String] = []
    for sweep in sweeps {
      guard let reference = try anchor.sweep(for: sweep.key.dataset, in: sweeps) else {
        notes.append(
          "\(anchor.text) was not run on \(sweep.key.dataset), so nothing is compared there")
        continue
      }
      if sweep.key == reference.key { continue }
      if sweep.isLossless {
        notes.append("\(labels[sweep.key]) is left out, because it is lossless")
        continue
      }
      guard sweep.hasScores else {
        notes.append("\(labels[sweep.key]) is left out, because it has no \(measure.column)")
        continue
      }
      lines.append(
        Line(
          label: labels[sweep.key], anchorLabel: labels[reference.key], measure: measure
        ) { kind in
          SetDelta(
            of: sweep, against: reference, kind: kind, measure: measure,
            interpolation: interpolation, weighting: weighting)
        })
    }
    let datasets = Set(sweeps.map(\.key.dataset))
    for entry in published {
      guard let curve = entry.curve(for: measure) else { continue }
      let onlyDataset = datasets.count == 1 ? datasets.first : nil
      let dataset = entry.dataset.isEmpty ? onlyDataset : entry.dataset
      guard let dataset, let reference = try anchor.sweep(for: dataset, in: sweeps) else {
        notes.append(
          "\(labels[curve.key]) is left out, because \(anchor.text) was not run on its dataset")
        continue
      }
      if entry.rateKind == .estimated {
        notes.append(
          "the rate of \(labels[curve.key]) is an estimate, not the size of files")
      }
      lines.append(
        Line(
          label: "\(labels[curve.key]) (\(entry.remark))", anchorLabel: labels[reference.key],
          measure: measure
        ) { kind in
          SetDelta(
            ofPublished: curve, against: reference, kind: kind, measure: measure,
            interpolation: interpolation, weighting: weighting)
        })
    }
    self.lines = lines
    self.notes = notes
  }
}

/// The configuration that the others are compared with: `jpeg` or `jpeg:subsampling=420`.
struct AnchorArgument {
  let text: String
  let codec: String
  private let parameters: Set<String>

  init(_ text: String) {
    let parts = text.split(separator: ":").map(String.init)
    self.text = text
    codec = parts.first ?? ""
    parameters = Set(parts.dropFirst())
  }

  /// The anchor on a dataset: the one from the first file that has it, or `nil`.
  ///
  /// - Throws: `CommandFailure` when no dataset has it or it could be several configurations.
  func sweep(for dataset: String, in sweeps: [Sweep]) throws(CommandFailure) -> Sweep? {
    let named = sweeps.filter { $0.key.codec == codec }
    guard !named.isEmpty else {
      let ids = sweeps.map(\.key.codec)
      let unique = ids.enumerated().filter { ids.firstIndex(of: $1) == $0 }.map(\.element)
      let hint = didYouMean(codec, in: unique)
      throw CommandFailure(
        "there are no results of \(codec), there are \(unique.joined(separator: ", "))\(hint)")
    }
    let matching = named.filter {
      parameters.isSubset(of: $0.key.parameters.split(separator: ";").map(String.init))
    }
    guard !matching.isEmpty else {
      throw CommandFailure(
        "no configuration of \(codec) has \(parameters.sorted().joined(separator: ", ")), there are "
          + Self.list(named))
    }
    guard Set(matching.map(\.key.parameters)).count == 1 else {
      throw CommandFailure(
        "\(text) could be \(Self.list(matching)); name one with --anchor \(codec):name=value")
    }
    return matching.first { $0.key.dataset == dataset }
  }

  private static func list(_ sweeps: [Sweep]) -> String {
    Set(sweeps.map(\.key.parameters)).sorted().joined(separator: " or ")
  }
}
