/// An estimate of the probability that a bit is one, learned from the bits seen so far.
///
/// The estimate starts at one half and moves towards each bit by 1 / (n + 1.5) of the distance after
/// n earlier bits, which makes it (ones + ¼) / (n + ½), and by about 1/``window`` from then on, so that
/// it follows changing statistics. All arithmetic is on integers: encoder and decoder stay in step
/// on every machine.
public struct AdaptiveBit: Sendable, Equatable {
  /// From how many bits on the oldest are gradually forgotten.
  public static let window = 128

  /// The smallest probability of either value, in 65536ths: a surprise costs at most 12 bits.
  public static let minimumProbability: UInt16 = 16

  /// The probability that the next bit is one, in 65536ths.
  public private(set) var probabilityOfOne: UInt16 = 1 << 15
  /// How many bits have been seen, up to ``window`` − 1.
  private var count: UInt16 = 0

  /// Starts with equal probabilities.
  public init() {}

  /// Learns from a bit.
  ///
  /// - Complexity: O(1).
  public mutating func update(_ bit: Bool) {
    // 2¹⁶ / (n + 1.5) = 2¹⁷ / (2n + 3), rounded down.
    let rate = (1 << 17) / (2 * Int32(count) + 3)
    let current = Int32(probabilityOfOne)
    let target: Int32 = bit ? 1 << 16 : 0
    // The product needs 33 bits: at most 2¹⁶ · 2¹⁶ / 1.5, with a sign. The shift rounds down.
    let step = Int32(truncatingIfNeeded: (Int64(target - current) * Int64(rate)) >> 16)
    let minimum = Int32(Self.minimumProbability)
    probabilityOfOne = UInt16(min(max(current + step, minimum), (1 << 16) - minimum))
    if count < Self.window - 1 { count += 1 }
  }
}

extension BinaryRangeEncoder {
  /// Appends a bit with the probability that its context has learned, and lets the context learn it.
  public mutating func encode(_ bit: Bool, context: inout AdaptiveBit) {
    encode(bit, probabilityOfOne: context.probabilityOfOne)
    context.update(bit)
  }
}

extension BinaryRangeDecoder {
  /// Reads a bit with the probability that its context has learned, and lets the context learn it.
  public mutating func decode(context: inout AdaptiveBit) -> Bool {
    let bit = decode(probabilityOfOne: context.probabilityOfOne)
    context.update(bit)
    return bit
  }
}
