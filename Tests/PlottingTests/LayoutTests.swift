import Testing

@testable import Plotting

@Suite struct LayoutTests {
  @Test(arguments: [
    (1.005, 2, "1.00"), (-0.001, 2, "0.00"), (2.5, 0, "3"), (-1.25, 1, "-1.3"), (0.05, 3, "0.050"),
    (12345.678, 1, "12345.7"), (.infinity, 2, "inf"),
  ])
  func `fixed decimals`(value: Double, digits: Int, text: String) {
    #expect(FixedDecimal.padded(value, fractionDigits: digits) == text)
  }

  @Test(arguments: [(1.5, "1.5"), (2.0, "2"), (0.126, "0.13"), (-0.004, "0"), (100, "100")])
  func `shortest decimals`(value: Double, text: String) {
    #expect(value.svgText == text)
  }

  @Test(
    arguments: [
      ("84mm", 238.11023622), ("3.3in", 237.6), ("640px", 480), ("240pt", 240),
      ("8.4cm", 238.11023622),
    ] as [(String, Double)])
  func `lengths`(text: String, points: Double) throws {
    #expect(abs(try #require(Length(text)).points - points) < 1e-8)
  }

  @Test(arguments: ["84", "mm", "-3mm", "0px", "infmm", "nanpt", "84 km", ""])
  func `what is no length`(text: String) {
    #expect(Length(text) == nil)
  }

  private func scale(
    _ domain: ClosedRange<Double>, count: Int, isLogarithmic: Bool = false
  ) -> AxisScale {
    AxisScale(
      Chart.Axis(label: "", domain: domain, isLogarithmic: isLogarithmic), start: 0, end: 100,
      spacing: 100 / Double(count))
  }

  @Test(arguments: [
    (0.0...3.4, 5, 1.0), (23.1...42.4, 5, 5.0), (0.8...1.0, 5, 0.05), (0.0...0.011, 4, 0.005),
    (3.0...3.2, 2, 0.1),
  ])
  func `steps are 1, 2 or 5 times a power of ten`(
    domain: ClosedRange<Double>, count: Int, step: Double
  ) throws {
    let ticks = scale(domain, count: count).ticks.map(\.value)
    #expect(ticks.count > 1 && ticks.count <= count + 1)
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { abs($1 - $0 - step) < 1e-12 })
    #expect(ticks.allSatisfy { domain.lowerBound - 1e-9 <= $0 && $0 <= domain.upperBound + 1e-9 })
  }

  @Test func `tick labels have the digits of the step and a true minus sign`() {
    let scale = scale(-0.1...0.1, count: 5)
    #expect(
      scale.ticks.map(\.label) == ["\u{2212}0.10", "\u{2212}0.05", "0.00", "0.05", "0.10"])
    #expect(
      scale.minorTicks.allSatisfy { minor in
        !scale.ticks.contains { abs($0.value - minor) < 1e-9 }
      })
  }

  @Test func `there are as many labels as there is room for`() {
    let axis = Chart.Axis(label: "", domain: 0...3.4)
    func labels(room: Double) -> [String] {
      AxisScale(axis, start: 0, end: 100, spacing: 5, room: { _ in room }).ticks.map(\.label)
    }
    #expect(labels(room: 14) == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"])
    #expect(labels(room: 15) == ["0", "1", "2", "3"])
  }

  @Test(arguments: [
    (0.04...4.0, 8, ["0.05", "0.1", "0.2", "0.5", "1", "2"]),
    (0.04...4.0, 5, ["0.1", "0.3", "1", "3"]),
    (0.001...1000, 7, ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]),
    (1.1...1.9, 6, ["1.2", "1.4", "1.6", "1.8"]),
  ])
  func `a logarithmic axis has the same digits in each decade`(
    domain: ClosedRange<Double>, count: Int, labels: [String]
  ) {
    let scale = scale(domain, count: count, isLogarithmic: true)
    #expect(scale.ticks.map(\.label) == labels)
    let middle = (domain.lowerBound * domain.upperBound).squareRoot()
    #expect(abs(scale.position(middle) - 50) < 1e-9)
  }

  @Test func `an axis of one value still has a width`() {
    let axis = Chart.Axis(label: "", domain: 30...30)
    #expect(AxisScale(axis, start: 100, end: 0, spacing: 20).position(30) == 50)
  }

  @Test(arguments: [
    (24, 515.0, 7.0, 6), (24, 252, 7, 3), (1, 252, 7, 1), (5, 515, 7, 5), (7, 515, 7, 7),
    (13, 515, 7, 7),
  ])
  func `panels stand in full rows`(count: Int, width: Double, fontSize: Double, columns: Int) {
    #expect(PanelGrid(count: count, width: width, fontSize: fontSize).columns == columns)
  }

  @Test func `a long name keeps its end`() {
    let name = "jason-briscoe-149782-a-very-long-name.png"
    let shown = TextMetrics.shortened(name, width: 60, fontSize: 7)
    #expect(shown.hasPrefix("\u{2026}") && shown.hasSuffix("name.png"))
    #expect(TextMetrics.width(of: shown, fontSize: 7) <= 60)
    #expect(TextMetrics.shortened("a.png", width: 60, fontSize: 7) == "a.png")
  }

  @Test func `labels that collide move apart about their middle`() {
    let positions = LabelStack.positions(wanted: [50, 52, 10], spacing: 10, bounds: 0...100)
    #expect(positions == [46, 56, 10])
  }

  @Test func `labels stay inside the bounds`() {
    let positions = LabelStack.positions(wanted: [99, 99, -5, -5], spacing: 10, bounds: 0...100)
    #expect(positions == [90, 100, 0, 10])
  }

  @Test func `labels without enough room keep their distance`() {
    let positions = LabelStack.positions(wanted: [1, 1, 1], spacing: 10, bounds: 0...15)
    #expect(positions == [0, 10, 20])
  }

  @Test func `no two of the first curves look the same`() {
    #expect(Set((0..<98).map { CurveStyle(index: $0) }).count == 98)
  }

  @Test func `curves can be told apart without colour`() {
    let shapes = (0..<14).map { index -> String in
      let style = CurveStyle(index: index)
      return "\(style.marker) \(style.isFilled) \(style.dashes)"
    }
    #expect(Set(shapes).count == 14)
    let shortest = (0..<14).compactMap { CurveStyle(index: $0).dashes.max() }.min() ?? 0
    #expect(shortest > CurveStyle.publishedDashes[0])
  }

  @Test func `text is escaped and control characters never reach the file`() {
    let element = SVGElement("text", ["id": "a\"b"], text: "<&>\u{1}")
    #expect(element.document.hasSuffix("<text id=\"a&quot;b\">&lt;&amp;&gt;\u{FFFD}</text>\n"))
  }
}
