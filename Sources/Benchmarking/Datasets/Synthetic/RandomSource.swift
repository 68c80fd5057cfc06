/// A small generator of random numbers with a stated algorithm, so that a seed means the same
/// numbers everywhere: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014).
struct RandomSource {
  private var state: UInt64

  /// Starts the sequence of a name under a seed; each name has its own.
  init(seed: UInt64, name: String) {
    // FNV-1a over the bytes of the name.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    state = seed ^ hash
  }

  /// Starts the sequence of a state.
  init(state: UInt64) { self.state = state }

  /// The next 64 random bits.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to but not including 1, one of 2⁵³ evenly spaced ones.
  mutating func unit() -> Double { Double(bits() >> 11) / 9_007_199_254_740_992 }

  /// A number between two bounds, the upper one excluded.
  mutating func number(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// A whole number; each is as likely as the others but for one part in 2³².
  mutating func integer(in range: Range<Int>) -> Int {
    range.lowerBound + Int(((bits() >> 32) * UInt64(range.count)) >> 32)
  }

  /// Whether something with this probability happens.
  mutating func happens(_ probability: Double) -> Bool { unit() < probability }
}
