/// Where everything in a chart goes, in points from the top left corner.
struct ChartLayout {
  /// A legend entry: a piece of the curve, then its name.
  struct LegendItem {
    let seriesIndex: Int
    let x: Double
    /// The middle of the line of text.
    let y: Double
  }

  let style: ChartStyle
  let width: Double
  let height: Double
  let xScale: AxisScale
  let yScale: AxisScale
  let legend: [LegendItem]
  /// The length of the piece of curve in a legend entry.
  let swatchWidth: Double

  var fontSize: Double { style.fontSize }
  var titleSize: Double { fontSize * 1.15 }
  var left: Double { xScale.start }
  var right: Double { xScale.end }
  var top: Double { yScale.end }
  var bottom: Double { yScale.start }
  var lineWidth: Double { fontSize * 0.14 }
  var markerSize: Double { fontSize * 0.56 }
  /// The distance of the tick labels from the axis.
  var labelGap: Double { fontSize * 0.5 }
  /// The baseline of the horizontal axis's label.
  var xLabelBaseline: Double { bottom + fontSize * 3.1 }

  /// Lays a chart out.
  ///
  /// The legend stands to the right of the plot, each entry as near to the end of its curve as the
  /// others allow. Where the names are too long or too many for that, it stands beneath.
  init(chart: Chart, style: ChartStyle) {
    let size = style.fontSize
    let width = style.width.points
    let plotHeight = width * (width <= 300 ? 0.56 : 0.48)
    let swatchWidth = size * 2.2
    let labelWidths = chart.series.map { TextMetrics.width(of: $0.label, fontSize: size) }
    let itemWidth = swatchWidth + size * 0.5 + (labelWidths.max() ?? 0)
    let lineHeight = size * 1.4
    let isBeside =
      itemWidth <= width * 0.28 && Double(chart.series.count) * lineHeight <= plotHeight

    let top = style.showsTitle ? size * 2.4 : size * 0.9
    let bottom = top + plotHeight
    let yScale = AxisScale(
      domain: chart.yDomain, start: bottom, end: top, spacing: size * 3.6)
    let tickWidth =
      yScale.ticks.map { TextMetrics.width(of: yScale.label($0), fontSize: size) }.max() ?? 0
    let left = size * 1.9 + tickWidth + size * 0.5
    let right = isBeside ? width - itemWidth - size * 1.4 : width - size * 1.4
    let xScale = AxisScale(
      domain: chart.xDomain, start: left, end: max(left + size, right), spacing: size * 5)

    self.style = style
    self.width = width
    self.xScale = xScale
    self.yScale = yScale
    self.swatchWidth = swatchWidth
    let chartBottom = bottom + size * 3.7
    if isBeside {
      legend = Self.besideLegend(
        chart: chart, xScale: xScale, yScale: yScale, x: right + size, spacing: lineHeight)
      height = chartBottom
    } else {
      let start = min(left, size * 3)
      let columns = Self.legendColumns(
        itemWidths: labelWidths.map { swatchWidth + size * 1.5 + $0 }, room: width - start)
      let rowCount = columns.first?.items.count ?? 0
      legend = columns.flatMap { column in
        column.items.enumerated().map { row, index in
          LegendItem(
            seriesIndex: index, x: start + column.x,
            y: chartBottom + (Double(row) + 0.6) * lineHeight)
        }
      }
      height = chartBottom + Double(rowCount) * lineHeight + size * 0.6
    }
  }

  /// As many columns as fit, each as wide as its widest item, filled from the top.
  private static func legendColumns(
    itemWidths: [Double], room: Double
  ) -> [(x: Double, items: Range<Int>)] {
    for rowCount in 1...max(1, itemWidths.count) {
      var columns: [(x: Double, items: Range<Int>)] = []
      var x = 0.0
      for first in stride(from: 0, to: itemWidths.count, by: rowCount) {
        let items = first..<min(first + rowCount, itemWidths.count)
        columns.append((x, items))
        x += itemWidths[items].max() ?? 0
      }
      if x <= room { return columns }
    }
    return [(0, itemWidths.indices)]
  }

  private static func besideLegend(
    chart: Chart, xScale: AxisScale, yScale: AxisScale, x: Double, spacing: Double
  ) -> [LegendItem] {
    let ends = chart.series.map { series in
      let value = visibleEnd(of: series.points, right: xScale.domain.upperBound)
      return max(yScale.end, min(yScale.start, yScale.position(value)))
    }
    let bounds = (yScale.end + spacing * 0.4)...(yScale.start - spacing * 0.4)
    let positions = LabelStack.positions(wanted: ends, spacing: spacing, bounds: bounds)
    return positions.enumerated().map { LegendItem(seriesIndex: $0, x: x, y: $1) }
  }

  /// The value at which a curve ends or leaves the plot on the right.
  private static func visibleEnd(of points: [Chart.Point], right: Double) -> Double {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    guard let inside = sorted.last(where: { $0.x <= right }) else { return sorted.first?.y ?? 0 }
    guard let outside = sorted.first(where: { $0.x > right }) else { return inside.y }
    let fraction = (right - inside.x) / (outside.x - inside.x)
    return inside.y + fraction * (outside.y - inside.y)
  }
}
