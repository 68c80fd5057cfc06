/// Random numbers of several shapes, a sequence of its own for each name under a seed.
package struct RandomSource {
  private var generator: SplitMix64

  /// Starts the sequence of a name under a seed; each name has its own.
  package init(seed: UInt64, name: String) {
    // FNV-1a over the bytes of the name.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    generator = SplitMix64(state: seed ^ hash)
  }

  /// Starts the sequence of a state.
  package init(state: UInt64) { generator = SplitMix64(state: state) }

  /// The next 64 random bits.
  package mutating func bits() -> UInt64 { generator.next() }

  /// A number from 0 up to but not including 1, one of 2⁵³ evenly spaced ones.
  package mutating func unit() -> Double { Double(bits() >> 11) / 9_007_199_254_740_992 }

  /// A number between two bounds, the upper one excluded.
  package mutating func number(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// A whole number; each is as likely as the others but for one part in 2³².
  package mutating func integer(in range: Range<Int>) -> Int {
    range.lowerBound + Int(((bits() >> 32) * UInt64(range.count)) >> 32)
  }

  /// Whether something with this probability happens.
  package mutating func happens(_ probability: Double) -> Bool { unit() < probability }
}
