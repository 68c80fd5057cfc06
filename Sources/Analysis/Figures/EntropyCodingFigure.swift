import Codecs
import Plotting
import RateDistortion
import Results

/// What entropy coding is worth, as Figure 7 of the paper by Li and others (2017) shows it.
public struct EntropyCodingFigure: Sendable {
  private let figure: RateFigure

  /// Figure 7a: entropy coding of everything, of nothing, of the codes only, of the importance map only.
  ///
  /// - Parameters:
  ///   - rows: the rows of the results.
  ///   - coder: which coder is held against no entropy coding.
  ///   - measure: the vertical axis.
  /// - Throws: ``AnalysisError`` when there are no rows without entropy coding, or they do not match.
  public static func sections(
    _ rows: CoderRows, coder: String, measure: QualityMeasure
  ) throws(AnalysisError) -> EntropyCodingFigure {
    let uncoded = rows.parameter.uncoded
    guard rows.coders.contains(uncoded) else {
      throw AnalysisError(
        "figure 7a needs rows of \(rows.codec) with \(rows.parameter.text(uncoded))")
    }
    let pairs = try rows.pairs(coder, uncoded)
    func mixed(codes: Bool, map: Bool) throws(AnalysisError) -> [ResultRow] {
      var result: [ResultRow] = []
      for (coded, raw) in pairs {
        result.append(
          try coded.withSections(map: map ? coded : raw, codes: codes ? coded : raw))
      }
      return result
    }
    return try EntropyCodingFigure(
      [
        ("full: codes and importance map", try mixed(codes: true, map: true)),
        ("only the codes", try mixed(codes: true, map: false)),
        ("only the importance map", try mixed(codes: false, map: true)),
        ("without entropy coding", try mixed(codes: false, map: false)),
      ], measure: measure)
  }

  /// Figure 7b: the coders beside each other.
  ///
  /// - Throws: ``AnalysisError`` when there is only one, or they do not give the same pictures.
  public static func coders(
    _ rows: CoderRows, measure: QualityMeasure
  ) throws(AnalysisError) -> EntropyCodingFigure {
    let coders = rows.coders.filter { $0 != rows.parameter.uncoded }
    guard let first = coders.first, coders.count > 1 else {
      throw AnalysisError(
        "figure 7b needs rows of \(rows.codec) with two coders, so with two values of "
          + "\(rows.parameter.name) besides \(rows.parameter.uncoded)")
    }
    for other in coders.dropFirst() {
      _ = try rows.pairs(first, other)
      _ = try rows.pairs(other, first)
    }
    return try EntropyCodingFigure(coders.map { ($0, rows[$0]) }, measure: measure)
  }

  private init(
    _ variants: [(label: String, rows: [ResultRow])], measure: QualityMeasure
  ) throws(AnalysisError) {
    var sweeps: [Sweep] = []
    for (label, rows) in variants {
      let key = CurveKey(
        codec: label, parameters: "", dataset: rows.first?.subject.dataset ?? "", source: "")
      do throws(SweepError) {
        sweeps.append(
          try Sweep(key: key, measurements: rows.map { $0.measurement(of: measure.metric) }))
      } catch {
        throw AnalysisError(error.message)
      }
    }
    let curves = CurveSet(sweeps, measure: measure).curves
    guard !curves.isEmpty else {
      throw AnalysisError("no image has \(measure.id) at every quality, so there is no curve")
    }
    figure = RateFigure(
      measure: measure,
      curves: curves.enumerated().map { index, curve in
        FigureCurve(curve: curve, label: curve.key.codec, style: CurveStyle(index: index))
      })
  }

  /// The figure and its numbers.
  public func files(style: ChartStyle) -> FigureFiles {
    var csv = CSV.line(["curve", "quality", "images", "bits_per_pixel", figure.measure.id])
    for curve in figure.curves {
      for point in curve.curve.points {
        let quality = point.quality.map(formatNumber) ?? "fixed"
        csv += CSV.line([
          curve.label, quality, "\(point.imageCount)", formatNumber(point.rate.value),
          formatNumber(point.score.value),
        ])
      }
    }
    return FigureFiles(svg: figure.chart.svg(style: style), csv: csv)
  }
}

extension ResultRow {
  /// The row of the file that one row's importance map and another's codes make.
  ///
  /// The header states the size of each section as a ``VariableLengthInteger`` and is otherwise the
  /// same, whatever coder wrote them.
  ///
  /// - Throws: ``AnalysisError`` when a row does not state its sections.
  fileprivate func withSections(
    map: ResultRow, codes: ResultRow
  ) throws(AnalysisError) -> ResultRow {
    guard let header = sections[.header], let ownMap = sections[.importanceMap],
      let ownCodes = sections[.codes], let mapBytes = map.sections[.importanceMap],
      let codeBytes = codes.sections[.codes]
    else {
      throw AnalysisError("\(subject.image): the row does not say how its bytes divide")
    }
    func fields(_ sections: Int...) -> Int {
      sections.map(VariableLengthInteger.byteCount).reduce(0, +)
    }
    var row = self
    row.encodedBytes =
      header - fields(ownMap, ownCodes) + fields(mapBytes, codeBytes) + mapBytes + codeBytes
    return row
  }
}
