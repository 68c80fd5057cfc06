import EntropyCoding
import LearnedCodecs

/// Reordering, a mapping to changes, and a range coder of order 0: the coder `run-length`.
///
/// Every second row is walked from right to left, so that neighbours in the sequence are neighbours
/// in the map, and each bit is replaced by whether it differs from the one before: runs of equal
/// bits become runs of zeros. The importance map is range coded as it is.
///
/// Source: "An Implementation of Picture Compression with A CNN-based Auto-encoder" (CLIC 2018),
/// section 3, Figures 3 and 4.
struct RunLengthCoder: LatentCoder {
  func encode(levels: [UInt8], levelCount: Int, grid: LatentGrid) -> [UInt8] {
    var encoder = BinaryRangeEncoder()
    let planes = planeCount(levelCount: levelCount)
    var contexts = [AdaptiveBit](repeating: AdaptiveBit(), count: 1 << planes)
    for level in levels {
      // A node of the tree of levels: a one, then the bits so far.
      var node = 1
      for plane in (0..<planes).reversed() {
        let bit = level >> UInt8(plane) & 1
        encoder.encode(bit == 1, context: &contexts[node])
        node = node << 1 | Int(bit)
      }
    }
    return encoder.finish()
  }

  func decodeLevels(
    _ bytes: ArraySlice<UInt8>, levelCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    var decoder = BinaryRangeDecoder(bytes)
    let planes = planeCount(levelCount: levelCount)
    var contexts = [AdaptiveBit](repeating: AdaptiveBit(), count: 1 << planes)
    var levels = [UInt8](repeating: 0, count: grid.positionCount)
    for position in levels.indices {
      var node = 1
      for _ in 0..<planes {
        node = node << 1 | (decoder.decode(context: &contexts[node]) ? 1 : 0)
      }
      levels[position] = UInt8(node - (1 << planes))
    }
    try decoder.checkEnd()
    return levels
  }

  func encode(bits: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid) -> [UInt8] {
    var encoder = BinaryRangeEncoder()
    var changes = AdaptiveBit()
    var previous: UInt8 = 0
    Self.scan(mapCounts: mapCounts, mapCount: mapCount, grid: grid) { index in
      encoder.encode(bits[index] != previous, context: &changes)
      previous = bits[index]
    }
    return encoder.finish()
  }

  func decodeBits(
    _ bytes: ArraySlice<UInt8>, mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    var decoder = BinaryRangeDecoder(bytes)
    var changes = AdaptiveBit()
    var bits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    var previous: UInt8 = 0
    Self.scan(mapCounts: mapCounts, mapCount: mapCount, grid: grid) { index in
      if decoder.decode(context: &changes) { previous ^= 1 }
      bits[index] = previous
    }
    try decoder.checkEnd()
    return bits
  }

  /// Visits the indices of the bits that are sent, in the order of the scan.
  @inline(__always)
  private static func scan(
    mapCounts: [UInt16], mapCount: Int, grid: LatentGrid, _ visit: (Int) -> Void
  ) {
    for map in 0..<mapCount {
      for row in 0..<grid.height {
        for step in 0..<grid.width {
          let column = row.isMultiple(of: 2) ? step : grid.width - 1 - step
          let position = row * grid.width + column
          if map < Int(mapCounts[position]) { visit(map * grid.positionCount + position) }
        }
      }
    }
  }
}
