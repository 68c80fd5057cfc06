import Codecs
import ImageMetrics
import Plotting
import RateDistortion
import Results

/// What entropy coding is worth, as Figure 7 of the paper by Li and others (2017) shows it.
struct EntropyCodingFigure {
  private let figure: RateFigure
  private let name: String

  /// Figure 7a: entropy coding of everything, of nothing, of the codes only, of the importance map only.
  ///
  /// - Throws: `CommandFailure` when there are no rows without entropy coding, or they do not match.
  static func sections(
    _ rows: CoderRows, coder: String, measure: QualityMeasure
  ) throws(CommandFailure) -> EntropyCodingFigure {
    guard rows.coders.contains("none") else {
      throw CommandFailure("figure 7a needs rows of cw with entropy=none")
    }
    let pairs = try rows.pairs(coder, "none")
    func mixed(codes: Bool, map: Bool) throws(CommandFailure) -> [ResultRow] {
      var result: [ResultRow] = []
      for (coded, raw) in pairs {
        result.append(
          try coded.withSections(map: map ? coded : raw, codes: codes ? coded : raw))
      }
      return result
    }
    return try EntropyCodingFigure(
      name: "figure-7a",
      [
        ("full: codes and importance map", try mixed(codes: true, map: true)),
        ("only the codes", try mixed(codes: true, map: false)),
        ("only the importance map", try mixed(codes: false, map: true)),
        ("without entropy coding", try mixed(codes: false, map: false)),
      ], measure: measure)
  }

  /// Figure 7b: the coders beside each other.
  ///
  /// - Throws: `CommandFailure` when there is only one, or they do not give the same pictures.
  static func coders(
    _ rows: CoderRows, measure: QualityMeasure
  ) throws(CommandFailure) -> EntropyCodingFigure {
    let coders = rows.coders.filter { $0 != "none" }
    guard let first = coders.first, coders.count > 1 else {
      throw CommandFailure(
        "figure 7b needs rows of cw with two coders, such as entropy=convolutional and "
          + "entropy=cabac")
    }
    for other in coders.dropFirst() {
      _ = try rows.pairs(first, other)
      _ = try rows.pairs(other, first)
    }
    return try EntropyCodingFigure(
      name: "figure-7b", coders.map { ($0, rows[$0]) }, measure: measure)
  }

  private init(
    name: String, _ variants: [(label: String, rows: [ResultRow])], measure: QualityMeasure
  ) throws(CommandFailure) {
    guard let column = MetricID(rawValue: measure.column) else {
      preconditionFailure("\(measure.column) is a column of the results")
    }
    var sweeps: [Sweep] = []
    for (label, rows) in variants {
      let key = CurveKey(
        codec: label, parameters: "", dataset: rows.first?.subject.dataset ?? "", source: "")
      do throws(SweepError) {
        sweeps.append(
          try Sweep(key: key, measurements: rows.map { $0.measurement(of: column) }))
      } catch {
        throw CommandFailure(error.message)
      }
    }
    let curves = CurveSet(sweeps, measure: measure).curves
    guard !curves.isEmpty else {
      throw CommandFailure("no image has \(measure.id) at every quality, so there is no curve")
    }
    self.name = name
    figure = RateFigure(
      measure: measure,
      curves: curves.enumerated().map { index, curve in
        FigureCurve(curve: curve, label: curve.key.codec, style: CurveStyle(index: index))
      })
  }

  /// The figure and its numbers.
  func files(style: ChartStyle) -> (svg: String, csv: String) {
    var lines = ["curve,quality,images,bits_per_pixel,\(figure.measure.id)"]
    for curve in figure.curves {
      for point in curve.curve.points {
        let quality = point.quality.map(formatNumber) ?? "fixed"
        lines.append(
          "\(curve.label),\(quality),\(point.imageCount),\(formatNumber(point.rate.value)),"
            + formatNumber(point.score.value))
      }
    }
    return (figure.chart.svg(style: style), lines.joined(separator: "\n") + "\n")
  }
}

extension ResultRow {
  /// The row of the file that one row's importance map and another's codes make.
  ///
  /// The header states the sizes of both sections, seven bits to a byte, and is otherwise the same.
  ///
  /// - Throws: `CommandFailure` when a row does not state its sections.
  fileprivate func withSections(
    map: ResultRow, codes: ResultRow
  ) throws(CommandFailure) -> ResultRow {
    guard let header = sections[.header], let ownMap = sections[.importanceMap],
      let ownCodes = sections[.codes], let mapBytes = map.sections[.importanceMap],
      let codeBytes = codes.sections[.codes]
    else {
      throw CommandFailure("\(subject.image): the row does not say how its bytes divide")
    }
    func fieldSize(_ value: Int) -> Int {
      max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }
    var row = self
    row.encodedBytes =
      header - fieldSize(ownMap) - fieldSize(ownCodes) + fieldSize(mapBytes)
      + fieldSize(codeBytes) + mapBytes + codeBytes
    return row
  }
}
