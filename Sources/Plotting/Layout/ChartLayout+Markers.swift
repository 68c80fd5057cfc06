extension ChartLayout {
  /// A marker on a curve.
  struct Marker {
    let point: Chart.Point
    let tooltip: String
    let x: Double
    let y: Double
    let size: Double
  }

  /// The markers of a curve that lie inside a panel.
  ///
  /// A point that would lie under the last full marker is drawn small, so that a crowded curve stays
  /// a line with markers and each of its points can still be found.
  func markers(_ series: Chart.Series, in frame: Frame) -> [Marker] {
    let full = frames.count > 1 ? style.markerSize * 0.75 : style.markerSize
    var last: (x: Double, y: Double)?
    return series.points.compactMap { point in
      guard let tooltip = point.tooltip, frame.xScale.domain.contains(point.x),
        frame.yScale.domain.contains(point.y)
      else { return nil }
      let (x, y) = (frame.xScale.position(point.x), frame.yScale.position(point.y))
      if let last {
        let squaredDistance = (x - last.x) * (x - last.x) + (y - last.y) * (y - last.y)
        if squaredDistance < full * full {
          return Marker(point: point, tooltip: tooltip, x: x, y: y, size: full * 0.35)
        }
      }
      last = (x, y)
      return Marker(point: point, tooltip: tooltip, x: x, y: y, size: full)
    }
  }
}
