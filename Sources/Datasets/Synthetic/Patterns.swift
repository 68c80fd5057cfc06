import Statistics

/// Pictures that need no chance, or little.
enum Patterns {
  /// Four smooth areas: a grey ramp, rings, a blend of four colours, and a ramp of few dark levels.
  static func gradients(on canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height)
    let (halfWidth, halfHeight) = (width / 2, height / 2)
    let corners = [
      SyntheticColor(220, 40, 40), SyntheticColor(40, 200, 60), SyntheticColor(50, 70, 220),
      SyntheticColor(240, 220, 60),
    ]
    canvas.fill { x, y in
      let across = Double(x % halfWidth) / Double(halfWidth - 1)
      let down = Double(y % halfHeight) / Double(halfHeight - 1)
      switch (x < halfWidth, y < halfHeight) {
      case (true, true):
        return SyntheticColor(gray: 255 * across)
      case (false, true):
        let (dx, dy) = (across - 0.5, down - 0.5)
        return SyntheticColor(gray: 235 - 300 * (dx * dx + dy * dy).squareRoot())
      case (true, false):
        return corners[0].mixed(with: corners[1], across)
          .mixed(with: corners[2].mixed(with: corners[3], across), down)
      case (false, false):
        return SyntheticColor(18 + 14 * across, 20 + 14 * across, 26 + 20 * down)
      }
    }
  }

  /// A cosine whose frequency grows from the middle outwards, to half a cycle per pixel at the
  /// middle of each side.
  ///
  /// With the radius `R` of that point the phase in turns is `r² / 4R`; `r²` is an integer, so the
  /// phase is exact.
  static func zonePlate(on canvas: inout Canvas) {
    let (centerX, centerY) = (canvas.width / 2, canvas.height / 2)
    let period = 4 * min(centerX, centerY)
    let levels = (0..<period).map { index in
      SyntheticColor(gray: 127.5 + 127.5 * cosine(turns: Double(index) / Double(period)))
    }
    canvas.fill { x, y in
      let (dx, dy) = (x - centerX, y - centerY)
      return levels[(dx * dx + dy * dy) % period]
    }
  }

  /// The cosine of 2π · `turns` for 0 ≤ `turns` < 1, by its Taylor series up to the 16th power on
  /// an eighth of the circle, so that it needs only + − × ÷.
  static func cosine(turns: Double) -> Double {
    let half = turns > 0.5 ? 1 - turns : turns
    if half > 0.25 { return -cosine(turns: 0.5 - half) }
    let angle = 6.283185307179586 * (half > 0.125 ? 0.25 - half : half)
    let square = angle * angle
    var (term, sum) = half > 0.125 ? (angle, angle) : (1.0, 1.0)
    let first = half > 0.125 ? 2.0 : 1.0
    for step in 0..<8 {
      let factor = first + 2 * Double(step)
      term = -term * square / (factor * (factor + 1))
      sum += term
    }
    return sum
  }

  /// Saturated patches with hard colour edges, crossed by thin lines.
  static func patches(on canvas: inout Canvas, _ random: inout RandomSource) {
    let levels = [0.0, 85, 170, 255]
    func pick(_ random: inout RandomSource) -> SyntheticColor {
      SyntheticColor(
        levels[random.integer(in: 0..<4)], levels[random.integer(in: 0..<4)],
        levels[random.integer(in: 0..<4)])
    }
    let (columns, rows) = (9, 7)
    for row in 0..<rows {
      for column in 0..<columns {
        let x = column * canvas.width / columns..<(column + 1) * canvas.width / columns
        let y = row * canvas.height / rows..<(row + 1) * canvas.height / rows
        canvas.fill(x: x, y: y, pick(&random))
        let line = pick(&random)
        let thickness = random.integer(in: 1..<4)
        for offset in stride(from: 4, to: random.integer(in: 4..<24), by: 2 * thickness) {
          if random.happens(0.5) {
            canvas.fill(
              x: x.lowerBound + offset..<x.lowerBound + offset + thickness, y: y, line)
          } else {
            canvas.fill(
              x: x, y: y.lowerBound + offset..<y.lowerBound + offset + thickness, line)
          }
        }
      }
    }
  }

  /// A pale horizon below a blue zenith, soft clouds, and a trace of sensor noise.
  static func sky(on canvas: inout Canvas, _ random: inout RandomSource) {
    let (zenith, horizon) = (SyntheticColor(58, 104, 176), SyntheticColor(212, 224, 234))
    let cloud = SyntheticColor(246, 244, 240)
    let shape = FractalNoise(
      width: canvas.width, height: canvas.height, octaves: 3...7, &random)
    let height = Double(canvas.height - 1)
    var grain = random
    canvas.fill { x, y in
      let base = zenith.mixed(with: horizon, Double(y) / height)
      let density = min(max(1.2 * shape.value(x, y) - 0.2, 0), 1)
      return base.mixed(with: cloud, density) + grain.number(in: -1.5..<1.5)
    }
  }
}
