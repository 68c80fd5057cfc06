import EntropyCoding
import LearnedCodecs

/// Bits as they are, eight to a byte, the first in the most significant place; zeros fill the last.
struct RawCoder: LatentCoder {
  func encode(levels: [UInt8], levelCount: Int, grid: LatentGrid) -> [UInt8] {
    var writer = BitWriter()
    for plane in (0..<planeCount(levelCount: levelCount)).reversed() {
      for level in levels { writer.append(level >> UInt8(plane) & 1 == 1) }
    }
    return writer.bytes
  }

  func decodeLevels(
    _ bytes: ArraySlice<UInt8>, levelCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    let planes = planeCount(levelCount: levelCount)
    var reader = try Self.reader(bytes, bitCount: planes * grid.positionCount)
    var levels = [UInt8](repeating: 0, count: grid.positionCount)
    for _ in 0..<planes {
      for position in levels.indices {
        levels[position] = levels[position] << 1 | (reader.next() ? 1 : 0)
      }
    }
    try reader.checkEnd()
    return levels
  }

  func encode(bits: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid) -> [UInt8] {
    var writer = BitWriter()
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      for (position, count) in mapCounts.enumerated() where map < Int(count) {
        writer.append(bits[start + position] == 1)
      }
    }
    return writer.bytes
  }

  func decodeBits(
    _ bytes: ArraySlice<UInt8>, mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    let bitCount = mapCounts.reduce(0) { $0 + Int($1) }
    var reader = try Self.reader(bytes, bitCount: bitCount)
    var bits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      for (position, count) in mapCounts.enumerated() where map < Int(count) {
        bits[start + position] = reader.next() ? 1 : 0
      }
    }
    try reader.checkEnd()
    return bits
  }

  private static func reader(
    _ bytes: ArraySlice<UInt8>, bitCount: Int
  ) throws(SectionError) -> BitReader {
    guard bytes.count == (bitCount + 7) / 8 else {
      throw SectionError(message: "\(bytes.count) bytes for \(bitCount) bits")
    }
    return BitReader(bytes)
  }
}
