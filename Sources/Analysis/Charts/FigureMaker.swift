import Codecs
import Plotting
import RateDistortion

/// Makes charts from results and published curves.
public struct FigureMaker: Sendable {
  /// A chart, if there is something to draw, and what has to be said about it.
  public struct Outcome: Sendable {
    /// The chart, or `nil` where there is nothing to draw.
    public let chart: Chart?
    /// What was left out, and why: sentences without a full stop.
    public let notes: [String]
  }

  /// What a figure shows.
  public enum View: Sendable {
    /// Quality over rate, the means of the set.
    case curves
    /// The rate saved against an anchor, over quality.
    case savings(Anchor)
    /// Quality over rate in a panel for each image.
    case images

    /// The codecs without which the view is not possible.
    public var codecs: [CodecSpec] {
      if case .savings(let anchor) = self { [anchor.spec] } else { [] }
    }
  }

  private let table: ResultsTable
  private let published: [PublishedCurve]
  private let labels: CurveLabels
  private let weighting: Weighting
  private let rates: RateRange
  private let hasBands: Bool
  private let styles: [CurveKey: CurveStyle]

  /// Prepares to draw some measures.
  ///
  /// Every curve of any figure has a style, the same in all of them.
  ///
  /// - Parameters:
  ///   - table: the results.
  ///   - published: curves to lay over them.
  ///   - sets: the curves of each measure that will be drawn.
  ///   - names: other names for codecs.
  ///   - weighting: how images of different sizes share in the means.
  ///   - rates: what the rate axis shows.
  ///   - hasBands: whether bootstrap bands are drawn.
  public init(
    table: ResultsTable, published: [PublishedCurve], sets: [CurveSet], names: CodecLabels,
    weighting: Weighting, rates: RateRange, hasBands: Bool
  ) {
    let keys = table.keys + published.map(\.key)
    let drawn = Set(sets.flatMap { $0.curves.map(\.key) } + published.map(\.key))
    var styles: [CurveKey: CurveStyle] = [:]
    for key in keys where drawn.contains(key) && styles[key] == nil {
      styles[key] = CurveStyle(index: styles.count)
    }
    self.table = table
    self.published = published
    self.labels = CurveLabels(keys, names: names)
    self.styles = styles
    self.weighting = weighting
    self.rates = rates
    self.hasBands = hasBands
  }

  /// The chart of one measure.
  ///
  /// - Throws: ``AnalysisError`` when an anchor is not there or could be several.
  public func outcome(_ set: CurveSet, view: View) throws(AnalysisError) -> Outcome {
    switch view {
    case .curves: try curves(set)
    case .savings(let anchor): try savings(set, anchor: anchor)
    case .images: try images(set)
    }
  }

  // MARK: Curves of means

  /// The curves of the means over the images that all codecs finished.
  private func curves(_ set: CurveSet) throws(AnalysisError) -> Outcome {
    let sweeps = Dictionary(
      try table.sweeps(for: set.measure).map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first })
    var notes = set.sentences(labels: labels)
    if hasBands, !set.measure.higherIsBetter {
      notes.append("\(set.measure.id) falls with quality, so it has no bands")
    }
    var curves: [FigureCurve] = []
    for curve in set.curves {
      guard let style = styles[curve.key] else { continue }
      var band: QualityBand?
      if hasBands, let sweep = sweeps[curve.key], let images = set.images[curve.key.dataset] {
        band = QualityBand(of: sweep, over: images, measure: set.measure, weighting: weighting)
        if band == nil, set.measure.higherIsBetter {
          notes.append("\(labels[curve.key]) has no band in \(set.measure.id)")
        }
      }
      curves.append(
        FigureCurve(curve: curve, label: labels[curve.key], style: style, band: band))
    }
    for entry in published {
      guard let curve = entry.curve(for: set.measure), let style = styles[curve.key] else {
        continue
      }
      curves.append(
        FigureCurve(
          curve: curve, label: labels[curve.key], style: style, remark: entry.remark))
    }
    guard !curves.isEmpty else { return Outcome(chart: nil, notes: notes) }
    let figure = RateFigure(
      measure: set.measure, curves: curves, remarks: Self.remarks(notes), rates: rates)
    return Outcome(chart: figure.chart, notes: notes)
  }

  // MARK: Images

  /// A panel for each image, with all points that were scored.
  private func images(_ set: CurveSet) throws(AnalysisError) -> Outcome {
    var notes: [String] = []
    var names: [String] = []
    var panels: [String: [FigureCurve]] = [:]
    let sweeps = try table.sweeps(for: set.measure)
    let severalDatasets = Set(sweeps.map(\.key.dataset)).count > 1
    for sweep in sweeps {
      guard !sweep.isLossless, let style = styles[sweep.key] else {
        if sweep.isLossless {
          notes.append("\(labels[sweep.key]) is left out, because it is lossless")
        }
        continue
      }
      for image in sweep.images {
        let curve = sweep.curve(of: image, measure: set.measure)
        guard curve.points.contains(where: { $0.score.value.isFinite }) else { continue }
        let name = severalDatasets ? "\(sweep.key.dataset)/\(image)" : image
        if panels[name] == nil { names.append(name) }
        panels[name, default: []].append(
          FigureCurve(curve: curve, label: labels[sweep.key], style: style))
      }
    }
    guard !names.isEmpty else { return Outcome(chart: nil, notes: notes) }
    let figure = ImagesFigure(
      measure: set.measure,
      panels: names.map { ImagesFigure.Panel(image: $0, curves: panels[$0] ?? []) },
      remarks: Self.remarks(notes), rates: rates)
    return Outcome(chart: figure.chart, notes: notes)
  }

  // MARK: Savings

  /// What each codec saves against the anchor on the anchor's dataset.
  private func savings(
    _ set: CurveSet, anchor: Anchor
  ) throws(AnalysisError) -> Outcome {
    guard set.measure.higherIsBetter else {
      return Outcome(
        chart: nil, notes: ["\(set.measure.id) falls with quality, so it has no savings"])
    }
    let sweeps = try table.sweeps(for: set.measure)
    var notes: [String] = []
    var curves: [SavingsFigure.Curve] = []
    var anchorLabel = anchor.text
    func add(
      _ key: CurveKey, against reference: Sweep, remark: String,
      _ savings: () throws(BjontegaardDelta.Reason) -> SavingsCurve
    ) {
      guard let style = styles[key] else { return }
      do throws(BjontegaardDelta.Reason) {
        curves.append(
          SavingsFigure.Curve(
            savings: try savings(), label: labels[key], style: style, remark: remark))
        anchorLabel = labels[reference.key]
      } catch {
        notes.append("\(labels[key]) cannot be compared with \(anchor.text): \(error.phrase)")
      }
    }
    for sweep in sweeps {
      guard let reference = try anchor.sweep(for: sweep.key.dataset, in: sweeps) else {
        notes.append(
          "\(anchor.text) was not run on \(sweep.key.dataset), so nothing is compared there")
        continue
      }
      if sweep.isLossless {
        notes.append("\(labels[sweep.key]) is left out, because it is lossless")
      } else if sweep.key != reference.key {
        add(sweep.key, against: reference, remark: "") { () throws(BjontegaardDelta.Reason) in
          try SavingsCurve(
            of: sweep, against: reference, measure: set.measure, isBanded: hasBands,
            weighting: weighting)
        }
      }
    }
    let datasets = Set(sweeps.map(\.key.dataset))
    for entry in published {
      guard let curve = entry.curve(for: set.measure) else { continue }
      let dataset =
        entry.dataset.isEmpty && datasets.count == 1 ? datasets.first ?? "" : entry.dataset
      guard let reference = try anchor.sweep(for: dataset, in: sweeps) else { continue }
      add(curve.key, against: reference, remark: entry.remark) {
        () throws(BjontegaardDelta.Reason) in
        try SavingsCurve(
          ofPublished: curve, against: reference, measure: set.measure, weighting: weighting)
      }
    }
    guard !curves.isEmpty else { return Outcome(chart: nil, notes: notes) }
    let figure = SavingsFigure(
      measure: set.measure, anchorLabel: anchorLabel, curves: curves,
      remarks: Self.remarks(notes))
    return Outcome(chart: figure.chart, notes: notes)
  }

  private static func remarks(_ notes: [String]) -> [String] { notes.map { "Note: \($0)." } }
}
