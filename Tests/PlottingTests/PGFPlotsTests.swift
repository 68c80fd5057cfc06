import Foundation
import Testing

@testable import Plotting

/// The source of a figure for LaTeX.
@Suite struct PGFPlotsTests {
  private let style = ChartStyle(width: ChartStyle.oneColumn)

  @Test func `a figure for LaTeX`() throws {
    try Golden.expect(try FigureSamples.rates().pgfplots(style: style), "bands-log.tex")
  }

  @Test(arguments: ["rates", "savings", "panels"])
  func `groups, braces and statements are closed`(name: String) throws {
    let charts = [
      "rates": try FigureSamples.rates(), "savings": try FigureSamples.savings(),
      "panels": try FigureSamples.panels(),
    ]
    let chart = try #require(charts[name])
    let lines = chart.pgfplots(style: style).split(separator: "\n")
      .filter { !$0.hasPrefix("%") }
    var open: [Substring] = []
    for line in lines {
      for match in line.matches(of: /\\(begin|end)\{(\w+)\}/) {
        if match.1 == "begin" {
          open.append(match.2)
        } else {
          #expect(open.popLast() == match.2)
        }
      }
    }
    #expect(open.isEmpty)
    let text = lines.joined(separator: "\n")
      .replacing("\\{", with: "").replacing("\\}", with: "")
    for (left, right) in [("{", "}"), ("[", "]"), ("(", ")")] {
      #expect(text.count { String($0) == left } == text.count { String($0) == right })
    }
    #expect(text.components(separatedBy: "\\begin{axis}").count == chart.panels.count + 1)
    #expect(text.components(separatedBy: "\\addlegendentry").count == chart.legendSeries.count + 1)
  }

  @Test func `every point is there with its numbers`() throws {
    let chart = try FigureSamples.rates()
    let text = chart.pgfplots(style: style)
    for point in chart.panels[0].series.flatMap(\.points) {
      let x = FixedDecimal.shortest(point.x, fractionDigits: 6)
      let y = FixedDecimal.shortest(point.y, fractionDigits: 6)
      #expect(text.components(separatedBy: "(\(x),\(y))").count >= 3, "as line and as marker")
    }
  }

  @Test func `the title can be left out`() throws {
    let chart = try FigureSamples.savings()
    let bare = chart.pgfplots(style: ChartStyle(width: ChartStyle.oneColumn, showsTitle: false))
    #expect(chart.pgfplots(style: style).contains("\\bfseries"))
    #expect(!bare.contains("\\bfseries"))
  }

  @Test(arguments: [
    ("a_b & 50 %", "a\\_b \\& 50 \\%"), ("\\x{y}", "\\textbackslash{}x\\{y\\}"),
    ("#1 $ ~ ^", "\\#1 \\$ \\textasciitilde{} \\textasciicircum{}"), ("Ballé", "Ballé"),
    ("\u{2212}5", "\\ensuremath{-}5"), ("a\nb\tc", "a b c"),
  ])
  func `nothing in a name is a command`(text: String, escaped: String) {
    #expect(TeXText.escaped(text) == escaped)
  }
}
