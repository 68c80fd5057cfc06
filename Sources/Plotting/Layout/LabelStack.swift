/// Moves labels apart that would overlap.
enum LabelStack {
  /// Positions near the wanted ones, at least `spacing` apart and inside `bounds`.
  ///
  /// Without the bounds, the positions are those with the least sum of squared moves (isotonic
  /// regression by pooling neighbours that collide). When there is no room for all, they start at
  /// the lower bound and run over the upper one.
  ///
  /// - Parameter wanted: positions in any order; equal ones keep their order.
  /// - Returns: the positions in the order of `wanted`.
  static func positions(
    wanted: [Double], spacing: Double, bounds: ClosedRange<Double>
  ) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    var pools: [(sum: Double, count: Int)] = []
    for (rank, index) in order.enumerated() {
      pools.append((wanted[index] - Double(rank) * spacing, 1))
      while pools.count > 1 {
        let last = pools[pools.count - 1]
        let previous = pools[pools.count - 2]
        guard previous.sum / Double(previous.count) > last.sum / Double(last.count) else { break }
        pools.removeLast(2)
        pools.append((previous.sum + last.sum, previous.count + last.count))
      }
    }
    let highest = bounds.upperBound - Double(max(0, wanted.count - 1)) * spacing
    let offsets = pools.flatMap { pool in
      Array(repeating: pool.sum / Double(pool.count), count: pool.count)
    }
    var result = wanted
    for (rank, index) in order.enumerated() {
      result[index] =
        max(bounds.lowerBound, min(highest, offsets[rank])) + Double(rank) * spacing
    }
    return result
  }
}
