/// Where the names of the curves stand.
struct ChartLegend {
  /// A piece of the curve, then its name.
  struct Item {
    let series: Chart.Series
    let x: Double
    /// The middle of the line of text.
    let y: Double
  }

  let items: [Item]
  /// How many items stand beside each other.
  let columnCount: Int
  /// How many lines the legend takes.
  let rowCount: Int
  /// The length of the piece of curve in an item.
  let swatchWidth: Double
}

/// The entries of a legend before they have a place.
struct LegendEntries {
  let lineHeight: Double
  private let series: [Chart.Series]
  private let labelWidths: [Double]
  private let fontSize: Double
  private let swatchWidth: Double

  init(_ series: [Chart.Series], fontSize: Double) {
    self.series = series
    self.fontSize = fontSize
    lineHeight = fontSize * 1.4
    // Long enough for a dash on either side of the marker.
    swatchWidth = fontSize * (series.contains { !$0.dashes.isEmpty } ? 3 : 2.2)
    labelWidths = series.map { TextMetrics.width(of: $0.label, fontSize: fontSize) }
  }

  /// The width of the widest entry.
  var widest: Double { swatchWidth + fontSize * 0.5 + (labelWidths.max() ?? 0) }

  /// The legend at the right of a panel.
  func beside(_ frame: ChartLayout.Frame, x: Double) -> ChartLegend {
    let ends = series.map { entry in
      let value = Self.visibleEnd(of: entry.points, right: frame.xScale.domain.upperBound)
      return max(frame.top, min(frame.bottom, frame.yScale.position(value)))
    }
    let margin = lineHeight * 0.4
    let positions = LabelStack.positions(
      wanted: ends, spacing: lineHeight, bounds: (frame.top + margin)...(frame.bottom - margin))
    return ChartLegend(
      items: zip(series, positions).map { ChartLegend.Item(series: $0, x: x, y: $1) },
      columnCount: 1, rowCount: series.count, swatchWidth: swatchWidth)
  }

  /// The legend under the panels, in as many columns as fit.
  func beneath(x: Double, y: Double, room: Double) -> ChartLegend {
    let columns = columns(room: room)
    let items = columns.flatMap { column in
      column.items.enumerated().map { row, index in
        ChartLegend.Item(
          series: series[index], x: x + column.x, y: y + (Double(row) + 0.6) * lineHeight)
      }
    }
    return ChartLegend(
      items: items, columnCount: columns.count, rowCount: columns.first?.items.count ?? 0,
      swatchWidth: swatchWidth)
  }

  /// As many columns as fit, each as wide as its widest item, filled from the top.
  private func columns(room: Double) -> [(x: Double, items: Range<Int>)] {
    let widths = labelWidths.map { swatchWidth + fontSize * 1.5 + $0 }
    for rowCount in 1...max(1, widths.count) {
      var columns: [(x: Double, items: Range<Int>)] = []
      var x = 0.0
      for first in stride(from: 0, to: widths.count, by: rowCount) {
        let items = first..<min(first + rowCount, widths.count)
        columns.append((x, items))
        x += widths[items].max() ?? 0
      }
      if x <= room { return columns }
    }
    return [(0, widths.indices)]
  }

  /// The value at which a curve ends or leaves the panel on the right.
  private static func visibleEnd(of points: [Chart.Point], right: Double) -> Double {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    guard let inside = sorted.last(where: { $0.x <= right }) else { return sorted.first?.y ?? 0 }
    guard let outside = sorted.first(where: { $0.x > right }) else { return inside.y }
    let fraction = (right - inside.x) / (outside.x - inside.x)
    return inside.y + fraction * (outside.y - inside.y)
  }
}
