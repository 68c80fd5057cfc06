import EntropyCoding
import LearnedCodecs

/// What a section of a file does not decode to.
struct SectionError: Error {
  let message: String
}

/// Turns importance levels and code bits into bytes and back.
///
/// Decoders take any bytes: those that no encoder writes throw ``SectionError``.
protocol LatentCoder: Sendable {
  /// Codes the importance levels, below `levelCount`, of all positions of a grid.
  func encode(levels: [UInt8], levelCount: Int, grid: LatentGrid) -> [UInt8]

  /// The inverse.
  func decodeLevels(
    _ bytes: ArraySlice<UInt8>, levelCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8]

  /// Codes the bits of the maps that are sent, map by map, each left to right and row by row.
  ///
  /// - Parameter mapCounts: how many maps each position sends.
  func encode(bits: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid) -> [UInt8]

  /// The inverse, with 0 for bits that are not sent.
  func decodeBits(
    _ bytes: ArraySlice<UInt8>, mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8]
}

/// The number of binary maps for levels below `levelCount`, ⌈log₂ L⌉.
///
/// Source: Li et al. 2017, Appendix B.
func planeCount(levelCount: Int) -> Int {
  levelCount <= 1 ? 0 : Int.bitWidth - (levelCount - 1).leadingZeroBitCount
}

extension BinaryRangeDecoder {
  /// Makes sure, after the last bit, that the bytes end there.
  func checkEnd() throws(SectionError) {
    guard isComplete else { throw SectionError(message: "bits that do not end with its bytes") }
  }
}

extension BitReader {
  /// Makes sure, after the last bit, that the bytes end there.
  func checkEnd() throws(SectionError) {
    guard isComplete else { throw SectionError(message: "bits that do not end with its bytes") }
  }
}
