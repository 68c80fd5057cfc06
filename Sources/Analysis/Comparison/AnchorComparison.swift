import RateDistortion

/// Distances of configurations from an anchor, for one measure.
public struct AnchorComparison: Sendable {
  /// One configuration against the anchor of its dataset.
  public struct Line: Sendable {
    /// What the configuration is called.
    public let label: String
    /// What the anchor is called.
    public let anchorLabel: String
    /// The measure at whose equal values rates are compared.
    public let measure: QualityMeasure
    /// The difference in rate at equal quality, in per cent of the anchor's.
    public let rate: SetDelta
    /// The difference in quality at equal rate, in the measure's unit.
    public let quality: SetDelta

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
  public let lines: [Line]
  /// What was left out: sentences without a full stop.
  public let notes: [String]

  /// Compares every configuration of a table, and published curves, with the anchor.
  ///
  /// - Parameters:
  ///   - table: the results.
  ///   - published: curves of the table's only dataset, or of one that they name.
  ///   - anchor: which configuration is the anchor.
  ///   - measure: what is held equal, and compared.
  ///   - interpolation: how curves are drawn through their points.
  ///   - weighting: how images of different sizes share in the mean curves.
  ///   - names: other names for codecs.
  /// - Throws: ``AnalysisError`` when the anchor is not there or could be several.
  public init(
    table: ResultsTable, published: [PublishedCurve], anchor: Anchor, measure: QualityMeasure,
    interpolation: Interpolation, weighting: Weighting, names: CodecLabels
  ) throws(AnalysisError) {
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
