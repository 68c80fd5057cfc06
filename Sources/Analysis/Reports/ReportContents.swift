import RateDistortion
import Reporting

/// What a report shows, computed by the code of the charts and of ``AnchorComparison``.
public struct ReportContents: Sendable {
  private let table: ResultsTable
  private let published: [PublishedCurve]
  private let labels: CurveLabels
  private let weighting: Weighting
  private let positions: [CurveKey: Int]

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - table: the results.
  ///   - published: curves to show beside them.
  ///   - names: other names for codecs.
  ///   - weighting: how images of different sizes share in the means.
  public init(
    table: ResultsTable, published: [PublishedCurve], names: CodecLabels, weighting: Weighting
  ) {
    let keys = (table.keys + published.map(\.key)).withoutRepeats
    self.table = table
    self.published = published
    self.weighting = weighting
    labels = CurveLabels(keys, names: names)
    positions = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
  }

  /// Makes the report, pictures and provenance apart.
  ///
  /// - Parameters:
  ///   - title: the heading, or `nil` for the names of the datasets.
  ///   - anchor: the anchor that is shown first, or `nil` for the first codec.
  /// - Throws: ``AnalysisError`` when an image was measured twice at one setting, or the anchor is not
  ///   there.
  public func report(title: String?, anchor: Anchor?) throws(AnalysisError) -> Report {
    let datasets = table.keys.map(\.dataset).withoutRepeats
    var report = Report(
      title: title ?? "Image codecs on \(datasets.joined(separator: ", "))",
      rows: table.entries.map { ($0.key, $0.row) }, published: published, labels: labels)
    let rows = table.entries.map(\.row)
    for measure in QualityMeasure.all {
      let sweeps = try table.sweeps(for: measure)
      let literature = published.compactMap { $0.curve(for: measure) }
      guard sweeps.contains(where: \.hasScores) || !literature.isEmpty else { continue }
      let set = CurveSet(sweeps, measure: measure, weighting: weighting)
      if measure.id == "psnr_db" { report.firstMeasure = report.measures.count }
      report.add(
        measure,
        curves: (set.curves + literature).compactMap { curve in
          positions[curve.key].map { ($0, curve) }
        },
        notes: set.sentences(labels: labels), differences: differences(sweeps, measure),
        rows: rows)
    }
    let sweeps = try table.sweeps(for: QualityMeasure.all[0])
    if let anchor, let dataset = datasets.first,
      let reference = try anchor.sweep(for: dataset, in: sweeps)
    {
      report.firstAnchor = positions[reference.key] ?? 0
    } else {
      report.firstAnchor = report.anchors.min() ?? 0
    }
    return report
  }

  /// Every configuration against every other one of its dataset.
  private func differences(_ sweeps: [Sweep], _ measure: QualityMeasure) -> [Report.Differences] {
    guard measure.higherIsBetter else { return [] }
    let usable = sweeps.filter { !$0.isLossless && $0.hasScores }
    return usable.compactMap { anchor in
      let lines = lines(against: anchor, usable, measure)
      guard let position = positions[anchor.key], !lines.isEmpty else { return nil }
      return Report.Differences(
        anchor: position,
        lines: lines.compactMap { line in
          positions[line.rate.test].map {
            Report.Difference(
              curve: $0, rate: line.rate, quality: line.quality, sentence: line.sentence)
          }
        })
    }
  }

  private func lines(
    against anchor: Sweep, _ sweeps: [Sweep], _ measure: QualityMeasure
  ) -> [AnchorComparison.Line] {
    let anchorLabel = labels[anchor.key]
    let dataset = anchor.key.dataset
    let measured = sweeps.filter { $0.key.dataset == dataset && $0.key != anchor.key }.map {
      sweep in
      AnchorComparison.Line(
        label: labels[sweep.key], anchorLabel: anchorLabel, measure: measure
      ) { kind in
        SetDelta(of: sweep, against: anchor, kind: kind, measure: measure, weighting: weighting)
      }
    }
    let isOnlyDataset = Set(table.keys.map(\.dataset)).count == 1
    let literature = published.filter {
      $0.dataset == dataset || ($0.dataset.isEmpty && isOnlyDataset)
    }.compactMap { entry in
      entry.curve(for: measure).map { curve in
        AnchorComparison.Line(
          label: "\(labels[curve.key]) (\(entry.remark))", anchorLabel: anchorLabel,
          measure: measure
        ) { kind in
          SetDelta(
            ofPublished: curve, against: anchor, kind: kind, measure: measure,
            weighting: weighting)
        }
      }
    }
    return measured + literature
  }
}
