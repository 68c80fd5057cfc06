import EntropyCoding
import LearnedCodecs

/// Adaptive binary arithmetic coding: each bit's probability is learned for its small context.
///
/// The coder `cabac`. Encoder and decoder walk the same path; only the last step, writing or reading
/// the bit, differs. The contexts are described in <doc:ContentWeightedBitstream>.
struct ContextCoder: LatentCoder {
  /// Five neighbours, each unavailable, 0 or 1.
  static let contextCount = 243
  /// The code maps are divided into this many groups, each with contexts of its own.
  static let groupCount = 16

  func encode(levels: [UInt8], levelCount: Int, grid: LatentGrid) -> [UInt8] {
    var coder = EncodingPath()
    var levels = levels
    Self.walk(&levels, levelCount: levelCount, grid: grid, &coder)
    return coder.encoder.finish()
  }

  func decodeLevels(
    _ bytes: ArraySlice<UInt8>, levelCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    var coder = DecodingPath(decoder: BinaryRangeDecoder(bytes))
    var levels = [UInt8](repeating: 0, count: grid.positionCount)
    Self.walk(&levels, levelCount: levelCount, grid: grid, &coder)
    try coder.decoder.checkEnd()
    return levels
  }

  func encode(bits: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid) -> [UInt8] {
    var coder = EncodingPath()
    var bits = bits
    Self.walk(&bits, mapCounts: mapCounts, mapCount: mapCount, grid: grid, &coder)
    return coder.encoder.finish()
  }

  func decodeBits(
    _ bytes: ArraySlice<UInt8>, mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    var coder = DecodingPath(decoder: BinaryRangeDecoder(bytes))
    var bits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    Self.walk(&bits, mapCounts: mapCounts, mapCount: mapCount, grid: grid, &coder)
    try coder.decoder.checkEnd()
    return bits
  }

  /// Codes the planes of the levels, most significant first.
  private static func walk<Path: CodingPath>(
    _ levels: inout [UInt8], levelCount: Int, grid: LatentGrid, _ path: inout Path
  ) {
    // A border of one position above and on both sides saves all checks of being inside.
    let stride = grid.width + 2
    // What is known of each level: the bits of the planes so far; −1 outside.
    var known = [Int16](repeating: -1, count: stride * (grid.height + 2))
    for row in 0..<grid.height {
      for column in 0..<grid.width { known[(row + 1) * stride + column + 1] = 0 }
    }
    for plane in (0..<planeCount(levelCount: levelCount)).reversed() {
      var contexts = [AdaptiveBit](repeating: AdaptiveBit(), count: contextCount)
      for row in 0..<grid.height {
        var here = (row + 1) * stride + 1
        for position in row * grid.width..<(row + 1) * grid.width {
          // What is known of a neighbour before this position has this plane's bit, behind it not.
          let prefix = known[here]
          let threshold = 2 * prefix + 1
          var context = support(known[here - 1], threshold)
          context = 3 * context + support(known[here - stride - 1], threshold)
          context = 3 * context + support(known[here - stride], threshold)
          context = 3 * context + support(known[here - stride + 1], threshold)
          let ahead = lead(known[here + 1], prefix) + lead(known[here + stride], prefix)
          context = 3 * context + (ahead < 0 ? 0 : ahead > 0 ? 2 : 1)
          var bit = levels[position] >> UInt8(plane) & 1
          path.code(&bit, &contexts[context])
          levels[position] |= bit << UInt8(plane)
          known[here] = 2 * prefix + Int16(bit)
          here += 1
        }
      }
    }
  }

  /// Whether a neighbour speaks for a zero (1) or a one (2), or is outside (0).
  @inline(__always)
  private static func support(_ known: Int16, _ threshold: Int16) -> Int {
    known < 0 ? 0 : known < threshold ? 1 : 2
  }

  /// Whether a neighbour, of which less is known, is lower (−1), higher (1), or neither.
  @inline(__always)
  private static func lead(_ known: Int16, _ prefix: Int16) -> Int {
    known < 0 || known == prefix ? 0 : known < prefix ? -1 : 1
  }

  /// Codes the code maps one after another.
  private static func walk<Path: CodingPath>(
    _ bits: inout [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid,
    _ path: inout Path
  ) {
    let stride = grid.width + 2
    // The bits of this map and the one before, 0 where there is none, else the bit plus 1.
    var current = [UInt8](repeating: 0, count: stride * (grid.height + 1))
    var previous = current
    let groupSize = (mapCount + groupCount - 1) / groupCount
    var contexts: [AdaptiveBit] = []
    for map in 0..<mapCount {
      if map % groupSize == 0 {
        contexts = [AdaptiveBit](repeating: AdaptiveBit(), count: contextCount)
      }
      let start = map * grid.positionCount
      for row in 0..<grid.height {
        var here = (row + 1) * stride + 1
        for position in row * grid.width..<(row + 1) * grid.width {
          if map < Int(mapCounts[position]) {
            var context = Int(previous[here])
            context = 3 * context + Int(current[here - 1])
            context = 3 * context + Int(current[here - stride - 1])
            context = 3 * context + Int(current[here - stride])
            context = 3 * context + Int(current[here - stride + 1])
            path.code(&bits[start + position], &contexts[context])
            current[here] = bits[start + position] + 1
          } else {
            current[here] = 0
          }
          here += 1
        }
      }
      swap(&current, &previous)
    }
  }
}

/// One direction of the walk.
private protocol CodingPath {
  /// Writes the bit, or reads it into `bit`.
  mutating func code(_ bit: inout UInt8, _ context: inout AdaptiveBit)
}

private struct EncodingPath: CodingPath {
  var encoder = BinaryRangeEncoder()

  mutating func code(_ bit: inout UInt8, _ context: inout AdaptiveBit) {
    encoder.encode(bit == 1, context: &context)
  }
}

private struct DecodingPath: CodingPath {
  var decoder: BinaryRangeDecoder

  mutating func code(_ bit: inout UInt8, _ context: inout AdaptiveBit) {
    bit = decoder.decode(context: &context) ? 1 : 0
  }
}
