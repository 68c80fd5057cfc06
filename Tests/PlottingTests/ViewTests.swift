import Foundation
import RateDistortion
import Testing

@testable import Plotting

@Suite struct ViewTests {
  private let oneColumn = ChartStyle(width: ChartStyle.oneColumn, showsTitle: false)

  @Test func `curves with bands on a logarithmic axis`() throws {
    try Golden.expect(try FigureSamples.rates().svg(style: oneColumn), "bands-log.svg")
  }

  @Test func `savings with a band`() throws {
    try Golden.expect(try FigureSamples.savings().svg(style: oneColumn), "savings.svg")
  }

  @Test func `a panel for each image`() throws {
    let style = ChartStyle(width: ChartStyle.oneColumn, fontSize: 6)
    try Golden.expect(try FigureSamples.panels().svg(style: style), "images.svg")
  }

  @Test func `a band is behind its curve, and its ends belong to the axis`() throws {
    let chart = try FigureSamples.rates()
    for series in chart.panels[0].series.prefix(2) {
      #expect(series.band.count > 3)
      for point in series.points {
        for band in series.band where abs(band.x - point.x) < 1e-9 {
          #expect(band.y.contains(point.y))
        }
      }
      #expect(series.band.allSatisfy { chart.yAxis.domain.contains($0.y.lowerBound) })
      #expect(series.band.allSatisfy { chart.yAxis.domain.contains($0.y.upperBound) })
    }
    #expect(chart.panels[0].series[2].band.isEmpty)
  }

  @Test func `a curve that was not measured is dashed and says why`() throws {
    let series = try FigureSamples.rates().panels[0].series
    #expect(series.map(\.isDashed) == [false, false, true])
    #expect(series[2].label == "Ballé & al. (published, estimated rate)")
  }

  @Test func `savings begin at zero and have markers where the codec was measured`() throws {
    let chart = try FigureSamples.savings()
    #expect(chart.yAxis.domain.contains(0) && chart.baseline == 0)
    let points = chart.panels[0].series[0].points
    let tooltips = points.compactMap(\.tooltip)
    #expect(tooltips.count == 4 && points.count > 90)
    #expect(tooltips[0].hasPrefix("webp_x, saves "))
    #expect(chart.summary.contains("BD-rate of the mean curves: webp_x \u{2212}"))
  }

  @Test func `panels share their axes, and only the outer ones have labels`() throws {
    let chart = try FigureSamples.panels()
    let layout = ChartLayout(
      chart: chart, style: ChartStyle(width: Length(150, .points), fontSize: 7))
    #expect(layout.frames.map(\.hasYLabels) == [true, false, true, false])
    #expect(layout.frames.map(\.hasXLabels) == [false, false, true, true])
    #expect(Set(layout.frames.map(\.xScale.domain)).count == 1)
    #expect(layout.frames[1].right <= layout.width)
    #expect(layout.legend.items.map(\.series.label) == ["jpeg", "webp_x"])
  }

  @Test func `a title that is too long becomes smaller`() throws {
    let chart = Chart(
      name: "a", title: String(repeating: "wide ", count: 20), summary: "",
      xAxis: Chart.Axis(label: "", domain: 0...1), yAxis: Chart.Axis(label: "", domain: 0...1),
      panels: [Chart.Panel(series: [])])
    let layout = ChartLayout(chart: chart, style: ChartStyle(width: ChartStyle.oneColumn))
    #expect(
      TextMetrics.width(of: chart.title, fontSize: layout.titleSize) <= layout.width - layout.left)
  }

  @Test func `the columns are those of the IEEE, with text for them`() {
    #expect(abs(ChartStyle.oneColumn.points / 72 * 25.4 - 88.9) < 1e-9)
    #expect(abs(ChartStyle.twoColumns.points / 72 * 25.4 - 181.864) < 1e-9)
    #expect(ChartStyle(width: ChartStyle.oneColumn).fontSize == 7)
    #expect(ChartStyle(width: ChartStyle.twoColumns).fontSize == 9)
  }

  @Test func `the font is the one that was asked for`() throws {
    let svg = try FigureSamples.savings().svg(style: ChartStyle(fontFamily: "'Times New Roman'"))
    #expect(svg.contains("font-family=\"'Times New Roman'\""))
  }
}
