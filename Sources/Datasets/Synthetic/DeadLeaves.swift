import Statistics

/// Discs that cover one another like fallen leaves, with radii of every scale.
///
/// The model of occlusion whose statistics come close to those of photographs (Lee, Mumford and
/// Huang, "Occlusion Models for Natural Images", IJCV 2001): the density of radii falls with
/// their cube.
enum DeadLeaves {
  /// Covers a canvas.
  ///
  /// - Parameters:
  ///   - coverage: how many times the leaves cover the canvas on average.
  ///   - texture: what is added to the leaves' colours; each leaf shows another part of it.
  ///   - contrast: how much of the texture.
  static func cover(
    _ canvas: inout Canvas, coverage: Double, texture: FractalNoise? = nil, contrast: Double = 0,
    _ random: inout RandomSource
  ) {
    let (smallest, largest) = (4.0, Double(canvas.height) / 3)
    let ratio = smallest / largest
    var remaining = coverage * Double(canvas.width) * Double(canvas.height)
    while remaining > 0 {
      let radius = smallest / (1 - random.unit() * (1 - ratio * ratio)).squareRoot()
      let x = random.number(in: -radius..<Double(canvas.width) + radius)
      let y = random.number(in: -radius..<Double(canvas.height) + radius)
      let color = SyntheticColor.natural(&random)
      let (shiftX, shiftY) = (random.integer(in: 0..<4096), random.integer(in: 0..<4096))
      disc(&canvas, x, y, radius) { column, row in
        guard let texture else { return color }
        return color + contrast * texture.value(column + shiftX, row + shiftY)
      }
      remaining -= 3 * radius * radius
    }
  }

  /// Draws a disc whose rim is one pixel soft.
  private static func disc(
    _ canvas: inout Canvas, _ centerX: Double, _ centerY: Double, _ radius: Double,
    _ color: (Int, Int) -> SyntheticColor
  ) {
    let columns = range(centerX, radius, canvas.width)
    for row in range(centerY, radius, canvas.height) {
      for column in columns {
        let (dx, dy) = (Double(column) - centerX, Double(row) - centerY)
        let distance = (dx * dx + dy * dy).squareRoot()
        if distance >= radius + 0.5 { continue }
        let fraction = min(radius + 0.5 - distance, 1)
        canvas[column, row] = canvas[column, row].mixed(with: color(column, row), fraction)
      }
    }
  }

  private static func range(_ center: Double, _ radius: Double, _ count: Int) -> Range<Int> {
    let first = max(0, Int(center - radius - 1))
    return first..<max(first, min(count, Int(center + radius + 2)))
  }
}
