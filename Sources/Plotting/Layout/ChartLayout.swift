/// Where everything in a chart goes, in points from the top left corner.
struct ChartLayout {
  /// Where a panel goes and which of its axes have labels.
  struct Frame {
    let xScale: AxisScale
    let yScale: AxisScale
    let hasXLabels: Bool
    let hasYLabels: Bool

    var left: Double { xScale.start }
    var right: Double { xScale.end }
    var top: Double { yScale.end }
    var bottom: Double { yScale.start }
  }

  let style: ChartStyle
  let width: Double
  let height: Double
  /// A frame for each panel.
  let frames: [Frame]
  let legend: ChartLegend

  var fontSize: Double { style.fontSize }
  /// The size of the title, smaller where it would not fit.
  let titleSize: Double
  /// The left end of all panels.
  var left: Double { frames[0].left }
  /// The right end of all panels.
  var right: Double { frames.map(\.right).max() ?? width }
  /// The top of all panels.
  var top: Double { frames[0].top }
  /// The bottom of all panels.
  var bottom: Double { frames[frames.count - 1].bottom }
  /// The distance of the tick labels from the axis.
  var labelGap: Double { fontSize * 0.5 }
  /// The distance of a panel's title from the panel.
  var panelTitleGap: Double { fontSize * 0.35 }
  /// The baseline of the horizontal axis's label.
  var xLabelBaseline: Double { bottom + fontSize * 3.1 }

  /// Lays a chart out.
  ///
  /// A single panel has its legend to the right, each entry as near to the end of its curve as the
  /// others allow. Where the names are too long or too many for that, and under several panels, the
  /// legend stands beneath.
  init(chart: Chart, style: ChartStyle) {
    let size = style.fontSize
    let width = style.width.points
    let grid = PanelGrid(count: chart.panels.count, width: width, fontSize: size)
    let singleHeight = width * (width <= ChartStyle.narrowWidth ? 0.56 : 0.48)
    let entries = LegendEntries(chart.legendSeries, fontSize: size)
    let isBeside =
      grid.count == 1 && entries.widest <= width * 0.3
      && Double(chart.legendSeries.count) * entries.lineHeight <= singleHeight

    let hasPanelTitles = chart.panels.contains { !$0.title.isEmpty }
    let panelTitleHeight = hasPanelTitles ? size * 1.4 : 0
    let top = (style.showsTitle ? size * 2.4 : size * 0.9) + panelTitleHeight
    let right = width - (isBeside ? entries.widest + size * 1.4 : size * 1.4)
    // The labels of the vertical axis need room that the width of the panels, and with it their
    // height, depends on; the height is settled with the room that most labels need.
    let rowGap = size * 0.9 + panelTitleHeight
    let columnGap = size * 0.9
    let estimate =
      (right - size * 4.5 - Double(grid.columns - 1) * columnGap) / Double(grid.columns)
    let panelHeight = grid.count == 1 ? singleHeight : max(size * 6, estimate * 0.8)
    let yScale = AxisScale(
      chart.yAxis, start: top + panelHeight, end: top, spacing: size * 2.2)
    let tickWidth =
      yScale.ticks.map { TextMetrics.width(of: $0.label, fontSize: size) }.max() ?? 0
    let left = size * 1.9 + tickWidth + size * 0.5
    let panelWidth = max(
      size, (right - left - Double(grid.columns - 1) * columnGap) / Double(grid.columns))
    let xScale = AxisScale(
      chart.xAxis, start: left, end: left + panelWidth, spacing: size * 2.4,
      room: { TextMetrics.width(of: $0, fontSize: size) + size * 0.9 })

    self.style = style
    self.width = width
    // Bold letters are about a tenth wider.
    let titleWidth = TextMetrics.width(of: chart.title, fontSize: size * 1.15) * 1.1
    titleSize = size * 1.15 * min(1, (width - left) / titleWidth)
    frames = (0..<grid.count).map { index in
      Frame(
        xScale: xScale.moved(by: Double(grid.column(of: index)) * (panelWidth + columnGap)),
        yScale: yScale.moved(by: Double(grid.row(of: index)) * (panelHeight + rowGap)),
        hasXLabels: index + grid.columns >= grid.count, hasYLabels: grid.column(of: index) == 0)
    }
    let bottom = (frames.last?.bottom ?? 0) + size * 3.7
    if isBeside {
      legend = entries.beside(frames[0], x: right + size)
      height = bottom
    } else {
      let start = min(left, size * 3)
      legend = entries.beneath(x: start, y: bottom, room: width - start)
      height = bottom + Double(legend.rowCount) * entries.lineHeight + size * 0.6
    }
  }
}

/// How panels are divided into rows of the same length.
struct PanelGrid {
  /// How many panels there are.
  let count: Int
  /// How many panels a full row has.
  let columns: Int

  /// Divides panels: as many in a row as stay readable, or one or two fewer where that leaves fewer
  /// places empty.
  init(count: Int, width: Double, fontSize: Double) {
    self.count = count
    let most = max(1, min(count, Int(width / (fontSize * 10.5))))
    let choices = (max(1, most - 2)...most).reversed()
    func empty(_ columns: Int) -> Int { (count + columns - 1) / columns * columns - count }
    columns = choices.min { empty($0) < empty($1) } ?? most
  }

  /// The column of a panel, from the left.
  func column(of index: Int) -> Int { index % columns }

  /// The row of a panel, from the top.
  func row(of index: Int) -> Int { index / columns }
}
