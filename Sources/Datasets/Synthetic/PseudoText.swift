import Statistics

/// Lines of letter-like signs: thin strokes and hard edges at a few sizes and in a few colours.
enum PseudoText {
  /// Covers a canvas with four paragraphs.
  static func write(on canvas: inout Canvas, _ random: inout RandomSource) {
    let paragraphs: [(height: Double, scale: Int, ink: SyntheticColor, paper: SyntheticColor)] = [
      (0.34, 1, SyntheticColor(gray: 0), SyntheticColor(gray: 255)),
      (0.26, 2, SyntheticColor(40, 40, 48), SyntheticColor(244, 236, 216)),
      (0.20, 2, SyntheticColor(230, 230, 230), SyntheticColor(24, 28, 36)),
      (0.20, 3, SyntheticColor(200, 20, 30), SyntheticColor(30, 60, 160)),
    ]
    var top = 0
    for (index, paragraph) in paragraphs.enumerated() {
      let isLast = index == paragraphs.count - 1
      let bottom =
        isLast ? canvas.height : top + Int(paragraph.height * Double(canvas.height))
      canvas.fill(x: 0..<canvas.width, y: top..<bottom, paragraph.paper)
      var line = top + 6
      while line + 9 * paragraph.scale <= bottom {
        writeLine(on: &canvas, at: line, paragraph.scale, paragraph.ink, &random)
        line += 12 * paragraph.scale
      }
      top = bottom
    }
  }

  private static func writeLine(
    on canvas: inout Canvas, at top: Int, _ scale: Int, _ ink: SyntheticColor,
    _ random: inout RandomSource
  ) {
    var left = 10
    let end = canvas.width - 10 - random.integer(in: 0..<canvas.width / 6)
    while left + 5 * scale < end {
      for _ in 0..<random.integer(in: 2..<9) where left + 5 * scale < end {
        writeSign(on: &canvas, left, top, scale, ink, &random)
        left += 6 * scale
      }
      left += 4 * scale
    }
  }

  /// Draws a sign of 5 by 9 units: an optional stem, a bowl with some of its sides, maybe a slope.
  private static func writeSign(
    on canvas: inout Canvas, _ left: Int, _ top: Int, _ scale: Int, _ ink: SyntheticColor,
    _ random: inout RandomSource
  ) {
    func stroke(_ x: Range<Int>, _ y: Range<Int>) {
      canvas.fill(
        x: left + x.lowerBound * scale..<left + x.upperBound * scale,
        y: top + y.lowerBound * scale..<top + y.upperBound * scale, ink)
    }
    // Stems: of small letters (rows 2 to 6), or with an ascender or a descender.
    let firstRow = random.happens(0.25) ? 0 : 2
    let lastRow = random.happens(0.15) ? 9 : 7
    stroke(0..<1, firstRow..<lastRow)
    if random.happens(0.2) {
      for step in 0..<4 { stroke(step + 1..<step + 2, step + 2..<step + 3) }
      return
    }
    if random.happens(0.7) { stroke(4..<5, 3..<6) }
    if random.happens(0.7) { stroke(1..<4, 2..<3) }
    if random.happens(0.4) { stroke(1..<4, 4..<5) }
    if random.happens(0.7) { stroke(1..<4, 6..<7) }
  }
}
