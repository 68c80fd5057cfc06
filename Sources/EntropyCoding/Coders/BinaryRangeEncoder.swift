/// Writes bits with given probabilities as a range-coded byte string.
///
/// The arithmetic is integer only, so that the same bits and probabilities give the same bytes on
/// every machine. The format is described in <doc:RangeCodedBitstream>; it is Martin's range coder
/// (1979) for two symbols with the delayed carry of Schindler's and Pavlov's implementations: a byte
/// that a later carry may still change waits, with the run of 0xFF after it, until it is settled.
public struct BinaryRangeEncoder: Sendable {
  private var interval = IntervalWriter()

  /// Starts an empty byte string.
  public init() {}

  /// Appends one bit.
  ///
  /// - Parameters:
  ///   - bit: the bit.
  ///   - probabilityOfOne: the probability that `bit` is true, in 65536ths.
  /// - Precondition: `probabilityOfOne` is not 0.
  /// - Complexity: O(1) amortised.
  public mutating func encode(_ bit: Bool, probabilityOfOne: UInt16) {
    precondition(probabilityOfOne != 0, "a bit of probability 0 has no code")
    let bound = split(interval.range, at: UInt32(probabilityOfOne))
    if bit {
      interval.narrow(lower: 0, upper: bound)
    } else {
      interval.narrow(lower: bound, upper: interval.range)
    }
  }

  /// Ends the byte string with as few bytes as the decoder needs.
  ///
  /// - Returns: all bytes. A decoder that reads zeros behind them gets the encoded bits back; it
  ///   reads at most ``BinaryRangeDecoder/maximumOverrun`` such zeros.
  public consuming func finish() -> [UInt8] {
    interval.finish()
  }
}
