import EntropyCoding
import LearnedCodecs

/// Huffman codes of fixed-length symbols: the coder `huffman`.
///
/// The symbols are six bits each, one behind the other in coding order, and the whole importance
/// levels. Each section begins with the lengths of its code words.
///
/// Source: Wu, "Content-Weighted Autoencoder for Image Compression", section 4.1.
struct HuffmanCoder: LatentCoder {
  /// The bits of a symbol of the codes.
  static let symbolSize = 6
  /// The bits that a code word's length takes in front of a section.
  private static let lengthSize = 4

  func encode(levels: [UInt8], levelCount: Int, grid: LatentGrid) -> [UInt8] {
    Self.encode(levels, alphabetSize: levelCount)
  }

  func decodeLevels(
    _ bytes: ArraySlice<UInt8>, levelCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    try Self.decode(bytes, count: grid.positionCount, alphabetSize: levelCount)
  }

  func encode(bits: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid) -> [UInt8] {
    var symbols: [UInt8] = []
    var freeBits = 0
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      for (position, count) in mapCounts.enumerated() where map < Int(count) {
        if freeBits == 0 {
          symbols.append(0)
          freeBits = Self.symbolSize
        }
        freeBits -= 1
        symbols[symbols.count - 1] |= bits[start + position] << UInt8(freeBits)
      }
    }
    return Self.encode(symbols, alphabetSize: 1 << Self.symbolSize)
  }

  func decodeBits(
    _ bytes: ArraySlice<UInt8>, mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    let bitCount = mapCounts.reduce(0) { $0 + Int($1) }
    let symbols = try Self.decode(
      bytes, count: (bitCount + Self.symbolSize - 1) / Self.symbolSize,
      alphabetSize: 1 << Self.symbolSize)
    var bits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    var index = 0
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      for (position, count) in mapCounts.enumerated() where map < Int(count) {
        let shift = Self.symbolSize - 1 - index % Self.symbolSize
        bits[start + position] = symbols[index / Self.symbolSize] >> UInt8(shift) & 1
        index += 1
      }
    }
    let unused = UInt8(symbols.count * Self.symbolSize - bitCount)
    guard (symbols.last ?? 0) & (1 << unused - 1) == 0 else {
      throw SectionError(message: "ones behind the last bit")
    }
    return bits
  }

  /// The lengths of the code words, then the symbols; nothing for no symbols.
  private static func encode(_ symbols: [UInt8], alphabetSize: Int) -> [UInt8] {
    guard !symbols.isEmpty else { return [] }
    var counts = [Int](repeating: 0, count: alphabetSize)
    for symbol in symbols { counts[Int(symbol)] += 1 }
    let code = HuffmanCode(counts: counts)
    var writer = BitWriter()
    for length in code.lengths { writer.append(UInt32(length), count: lengthSize) }
    for symbol in symbols { code.encode(Int(symbol), to: &writer) }
    return writer.bytes
  }

  private static func decode(
    _ bytes: ArraySlice<UInt8>, count: Int, alphabetSize: Int
  ) throws(SectionError) -> [UInt8] {
    guard count > 0 else {
      guard bytes.isEmpty else { throw SectionError(message: "\(bytes.count) bytes for no bits") }
      return []
    }
    var reader = BitReader(bytes)
    let lengths = (0..<alphabetSize).map { _ in UInt8(reader.next(count: lengthSize)) }
    guard let code = HuffmanCode(lengths: lengths) else {
      throw SectionError(message: "lengths that no Huffman code has")
    }
    let symbols = (0..<count).map { _ in UInt8(code.decode(&reader)) }
    try reader.checkEnd()
    return symbols
  }
}
