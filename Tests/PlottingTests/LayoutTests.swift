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

  @Test(arguments: [
    (0.0...3.4, 5, 1.0), (23.1...42.4, 5, 5.0), (0.8...1.0, 5, 0.05), (0.0...0.011, 4, 0.005),
  ])
  func `steps are 1, 2 or 5 times a power of ten`(
    domain: ClosedRange<Double>, count: Int, step: Double
  ) {
    let scale = AxisScale(domain: domain, start: 0, end: 100, spacing: 100 / Double(count))
    #expect(abs(scale.step - step) < 1e-12)
    #expect(scale.ticks.count <= count + 1)
    #expect(scale.ticks.allSatisfy { domain.contains($0) })
  }

  @Test func `tick labels have the digits of the step and a true minus sign`() {
    let scale = AxisScale(domain: -0.1...0.1, start: 0, end: 100, spacing: 20)
    #expect(
      scale.ticks.map(scale.label) == ["\u{2212}0.10", "\u{2212}0.05", "0.00", "0.05", "0.10"])
    #expect(
      scale.minorTicks.allSatisfy { minor in !scale.ticks.contains { abs($0 - minor) < 1e-9 } })
  }

  @Test func `an axis of one value still has a width`() {
    let scale = AxisScale(domain: 30...30, start: 100, end: 0, spacing: 20)
    #expect(scale.position(30) == 50)
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

  @Test func `text is escaped and control characters never reach the file`() {
    let element = SVGElement("text", ["id": "a\"b"], text: "<&>\u{1}")
    #expect(element.document.hasSuffix("<text id=\"a&quot;b\">&lt;&amp;&gt;\u{FFFD}</text>\n"))
  }
}
