import RateDistortion

/// How much rate codecs save against an anchor, over the quality.
///
/// The curves are those of `SavingsCurve`, whose geometric mean is BD-rate; points stand where the
/// codec was measured, and the band is the paired bootstrap's.
public struct SavingsFigure: Sendable {
  /// A curve as it is shown.
  public struct Curve: Sendable {
    /// The savings.
    public let savings: SavingsCurve
    /// The name in the legend, without the remark.
    public let label: String
    /// Colour, marker and dashes.
    public let style: CurveStyle
    /// What sets the curve's figures apart from measured ones; empty for those.
    public let remark: String

    /// Dresses a curve.
    public init(
      savings: SavingsCurve, label: String, style: CurveStyle, remark: String = ""
    ) {
      self.savings = savings
      self.label = label
      self.style = style
      self.remark = remark
    }

    /// The name in the legend, with the remark in parentheses.
    public var legendLabel: String { remark.isEmpty ? label : "\(label) (\(remark))" }
  }

  /// What the horizontal axis shows.
  public let measure: QualityMeasure
  /// The name of the anchor.
  public let anchorLabel: String
  /// The curves in the order in which they are drawn.
  public let curves: [Curve]
  /// Sentences for the description: what was left out and why.
  public let remarks: [String]

  /// Makes a figure.
  ///
  /// - Precondition: there is a curve.
  public init(
    measure: QualityMeasure, anchorLabel: String, curves: [Curve], remarks: [String] = []
  ) {
    precondition(!curves.isEmpty, "a figure has a curve")
    self.measure = measure
    self.anchorLabel = anchorLabel
    self.curves = curves
    self.remarks = remarks
  }

  /// The figure as a chart.
  public var chart: Chart {
    let qualities = curves.flatMap(\.savings.points).map(\.quality.value)
    let savings =
      curves.flatMap(\.savings.points).map(\.saving)
      + curves.flatMap(\.savings.band).flatMap { [$0.savings.lowerBound, $0.savings.upperBound] }
    let (first, last) = (qualities.min() ?? 0, qualities.max() ?? 1)
    let (lowest, highest) = (min(0, savings.min() ?? 0), max(0, savings.max() ?? 0))
    let (margin, xMargin) = (max((highest - lowest) * 0.05, 1), (last - first) * 0.02)
    return Chart(
      name: "\(measure.id)-savings", title: title, summary: summary,
      xAxis: Chart.Axis(
        label: measure.axisLabel,
        domain: (first - xMargin)...min(max(last, measure.upperBound), last + xMargin)),
      yAxis: Chart.Axis(
        label: "Rate saving against \(anchorLabel) (%)",
        domain: (lowest - margin)...(highest + margin)),
      baseline: 0, panels: [Chart.Panel(series: curves.map(series))])
  }

  private func series(_ curve: Curve) -> Chart.Series {
    let points = curve.savings.points.map { point in
      Chart.Point(
        x: point.quality.value, y: point.saving,
        tooltip: point.measured.map {
          let saving = FixedDecimal.padded(point.saving, fractionDigits: 1)
          return "\(curve.legendLabel), saves \(saving) %, \(measure.description(of: $0))"
        })
    }
    let band = curve.savings.band.map {
      Chart.BandPoint(x: $0.quality.value, y: $0.savings)
    }
    return Chart.Series(
      label: curve.legendLabel, style: curve.style, isDashed: !curve.remark.isEmpty, points: points,
      band: band)
  }

  private var title: String {
    let measured = curves.filter(\.remark.isEmpty).map(\.savings)
    let count = measured.first?.imageCount ?? 0
    let dataset = measured.first?.anchor.dataset ?? ""
    let what = "Rate saving against \(anchorLabel)"
    guard count > 0, !dataset.isEmpty,
      measured.allSatisfy({ $0.imageCount == count && $0.anchor.dataset == dataset })
    else { return what }
    return "\(what) on \(dataset), \(count) image\(count == 1 ? "" : "s")"
  }

  private var summary: String {
    let deltas = curves.map {
      let delta = FixedDecimal.padded($0.savings.rateDelta.delta, fractionDigits: 2)
      return "\($0.legendLabel) \(delta.replacing("-", with: "\u{2212}")) %"
    }
    let sentences = [
      "Per cent of rate that is saved against \(anchorLabel) at equal \(measure.axisLabel).",
      "The geometric mean of a curve's rate ratio is the BD-rate of the mean curves: "
        + deltas.joined(separator: ", ") + ".",
    ]
    return (sentences + remarks).joined(separator: " ")
  }
}
