import LearnedCodecs

/// What a file transmits about a picture: importance levels and code bits.
struct Latent: Sendable, Equatable {
  let grid: LatentGrid
  /// Q of each position, row by row; empty without importance map.
  let levels: [UInt8]
  /// How many of the n maps each position sends: always the first ones.
  let mapCounts: [UInt16]
  /// The n maps one after another, each row by row; 0 and 1, and 0 where not sent.
  let bits: [UInt8]
}

/// Which maps the levels of an importance map keep.
enum ImportanceMask {
  /// How many maps each level keeps.
  ///
  /// Map k = 0…n − 1 is kept where ⌈(k + 1) · L / n⌉ ≤ Q (Li et al. 2017, equation 5): none at level
  /// 0, and never all.
  static func mapCounts(codeMapCount n: Int, levelCount: Int) -> [UInt16] {
    (0..<levelCount).map { level in
      UInt16((0..<n).count { ((($0 + 1) * levelCount) + n - 1) / n <= level })
    }
  }

  /// Q = min(⌊L · p · scale⌋, L − 1) (equation 4; the scale of the CLIC 2018 paper).
  static func levels(_ importance: [Float], levelCount: Int, scale: Double) -> [UInt8] {
    importance.map { p in
      let level = (Double(p) * scale * Double(levelCount)).rounded(.down)
      return level > 0 ? UInt8(min(level, Double(levelCount - 1))) : 0
    }
  }
}
