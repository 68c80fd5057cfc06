/// A distribution over a range of whole numbers in 65536ths, with an escape for all other numbers.
public struct QuantizedCDF: Sendable, Equatable {
  /// The most symbols a table can have besides the escape.
  public static let maximumSymbolCount = 65535

  /// The smallest number that has a probability of its own.
  public let minimum: Int32
  /// The probabilities' running sum: 0, the sum behind each symbol, and 65536 behind the escape.
  public let cumulative: [UInt32]
  /// For each target's high byte, the entry that it begins in, so that a search is short.
  private let firstEntries: [UInt16]

  /// How many numbers have a probability of their own.
  public var symbolCount: Int { cumulative.count - 2 }

  /// The table that codes numbers with these counts in the fewest bits.
  ///
  /// Each number and the escape gets at least 1/65536. The result is the same on every machine.
  ///
  /// - Parameters:
  ///   - minimum: the number that the first count is of.
  ///   - counts: how often each number occurs.
  ///   - escapeCount: how often a number outside occurs.
  /// - Precondition: there are 1 to ``maximumSymbolCount`` counts, they do not go beyond
  ///   `Int32.max`, and one count is not 0.
  public init(minimum: Int32, counts: [UInt32], escapeCount: UInt32 = 0) {
    precondition(
      Self.isValid(minimum: minimum, symbolCount: counts.count), "no such range of numbers")
    let shares = quantizedShares(counts + [escapeCount])
    var cumulative: [UInt32] = [0]
    for share in shares { cumulative.append(cumulative[cumulative.count - 1] + share) }
    self.init(minimum: minimum, checked: cumulative)
  }

  /// The table that ``bytes`` wrote.
  ///
  /// - Throws: ``QuantizedCDFError`` when no table has these bytes.
  public init(bytes: ArraySlice<UInt8>) throws(QuantizedCDFError) {
    let bytes = Array(bytes)
    guard bytes.count >= 6 else { throw .wrongSize }
    let minimum = Int32(bitPattern: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) })
    let symbolCount = Int(bytes[4]) << 8 | Int(bytes[5])
    guard Self.isValid(minimum: minimum, symbolCount: symbolCount) else { throw .wrongRange }
    guard bytes.count == 6 + 2 * symbolCount else { throw .wrongSize }
    var cumulative: [UInt32] = [0]
    for index in stride(from: 6, to: bytes.count, by: 2) {
      let sum = UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
      guard sum > cumulative[cumulative.count - 1] else { throw .notIncreasing }
      cumulative.append(sum)
    }
    self.init(minimum: minimum, checked: cumulative + [65536])
  }

  /// The table as bytes, in the format of <doc:MultiSymbolBitstream>.
  public var bytes: [UInt8] {
    let pattern = UInt32(bitPattern: minimum)
    var bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: pattern >> $0) }
    for number in [UInt32(symbolCount)] + cumulative[1...symbolCount] {
      bytes += [UInt8(number >> 8), UInt8(number & 0xFF)]
    }
    return bytes
  }

  /// The entry whose part of 0..<65536 holds a target; the escape is the last entry.
  @inline(__always)
  func entry(at target: UInt32) -> Int {
    var low = Int(firstEntries[Int(target >> 8)])
    var high = Int(firstEntries[Int(target >> 8) + 1])
    while low < high {
      let middle = (low + high + 1) / 2
      if cumulative[middle] <= target { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private init(minimum: Int32, checked cumulative: [UInt32]) {
    self.minimum = minimum
    self.cumulative = cumulative
    var entry = 0
    firstEntries = (0...256).map { high in
      while entry < cumulative.count - 2, cumulative[entry + 1] <= high << 8 { entry += 1 }
      return UInt16(entry)
    }
  }

  private static func isValid(minimum: Int32, symbolCount: Int) -> Bool {
    (1...maximumSymbolCount).contains(symbolCount)
      && Int(minimum) + symbolCount - 1 <= Int(Int32.max)
  }
}

/// Why bytes are not those of a ``QuantizedCDF``.
public enum QuantizedCDFError: Error, Equatable {
  /// There are too few or too many bytes.
  case wrongSize
  /// There are no symbols, or they go beyond `Int32.max`.
  case wrongRange
  /// A symbol's probability is 0 or negative, or the sum goes beyond 65535.
  case notIncreasing
}
