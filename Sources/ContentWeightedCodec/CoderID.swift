/// How a file codes its bits: the number in the file, and the word of the `entropy` parameter.
///
/// 2 is set aside for the convolutional coder of Li et al. 2017, section 4.
public enum CoderID: UInt8, Sendable, CaseIterable {
  /// As they are, eight to a byte (Li et al. 2017, Figure 7, "without entropy coding").
  case none = 0
  /// Adaptive binary arithmetic coding with a small context (section 5.5).
  case cabac = 1

  /// The word of the `entropy` parameter.
  var word: String {
    switch self {
    case .none: "none"
    case .cabac: "cabac"
    }
  }

  var coder: any LatentCoder {
    switch self {
    case .none: RawCoder()
    case .cabac: ContextCoder()
    }
  }
}

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
