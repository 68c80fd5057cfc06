import RateDistortion

/// A curve as a figure shows it.
public struct FigureCurve: Sendable {
  /// The points.
  public let curve: RateCurve
  /// The name in the legend, without the remark.
  public let label: String
  /// Colour, marker and dashes.
  public let style: CurveStyle
  /// What sets the curve's figures apart from measured ones; empty for those.
  ///
  /// A curve with a remark, such as `published` or `published, estimated rate`, has short dashes and
  /// says so in the legend.
  public let remark: String
  /// The bootstrap band around the curve, or `nil` for none.
  public let band: QualityBand?

  /// Dresses a curve.
  public init(
    curve: RateCurve, label: String, style: CurveStyle, remark: String = "",
    band: QualityBand? = nil
  ) {
    self.curve = curve
    self.label = label
    self.style = style
    self.remark = remark
    self.band = band
  }

  /// The name in the legend, with the remark in parentheses.
  public var legendLabel: String { remark.isEmpty ? label : "\(label) (\(remark))" }

  /// The curve on the axes of a chart.
  func series(measure: QualityMeasure, axes: RateAxes) -> Chart.Series {
    let points = curve.points.filter(axes.shows).map { point in
      Chart.Point(
        x: point.rate.value, y: point.score.value,
        tooltip: "\(legendLabel), \(measure.description(of: point))")
    }
    let bandPoints = (band?.points ?? []).map {
      Chart.BandPoint(
        x: $0.rate.value, y: $0.scores.lowerBound.value...$0.scores.upperBound.value)
    }
    return Chart.Series(
      label: legendLabel, style: style, isDashed: !remark.isEmpty, points: points, band: bandPoints)
  }
}

extension QualityMeasure {
  /// A point in words, for the text that a browser shows over it.
  func description(of point: RatePoint) -> String {
    var parts: [String] = []
    if let quality = point.quality {
      parts.append("quality \(FixedDecimal.shortest(quality, fractionDigits: 4))")
    }
    parts.append("\(FixedDecimal.padded(point.rate.value, fractionDigits: 4)) bpp")
    parts.append("\(name) \(text(point.score.value))")
    if point.infiniteCount > 0 {
      parts.append("mean of \(point.imageCount) images, \(point.infiniteCount) infinite left out")
    }
    return parts.joined(separator: ", ")
  }

  /// A score with its unit.
  func text(_ score: Double) -> String {
    FixedDecimal.padded(score, fractionDigits: fractionDigits) + (unit.isEmpty ? "" : " \(unit)")
  }
}
