/// A canonical Huffman code: symbols from 0, each with a code word of at most ``maximumLength`` bits.
///
/// Code words are numbered by length and, within a length, by symbol, as in Deflate (RFC 1951,
/// section 3.2.2), so the lengths alone describe the code. A lone symbol has length 1 in the
/// description, but its code word is empty: it need not be written.
public struct HuffmanCode: Sendable, Equatable {
  /// The longest code word.
  public static let maximumLength = 15

  /// The length of each symbol's code word, 0 for symbols that do not occur.
  public let lengths: [UInt8]
  /// The code words, in the low bits.
  private let words: [UInt32]
  /// The symbols by length, then by number.
  private let sortedSymbols: [Int]
  /// How many symbols have each length.
  private let countOfLength: [Int]

  /// The code that writes symbols of these frequencies in the fewest bits.
  ///
  /// - Parameter counts: how often each symbol occurs, 0 or more; at least one occurs.
  public init(counts: [Int]) {
    self.init(checked: Self.lengths(counts: counts))
  }

  /// The code that a decoder has read the lengths of.
  ///
  /// - Parameter lengths: the length for each symbol, 0…``maximumLength``.
  /// - Returns: `nil` when no code has these lengths: all are 0, or some words are left over, or there
  ///   are more than fit.
  public init?(lengths: [UInt8]) {
    let used = lengths.filter { $0 > 0 }
    guard used.allSatisfy({ $0 <= Self.maximumLength }), !used.isEmpty else { return nil }
    // Kraft's sum, in units of the longest word.
    let sum = used.reduce(0) { $0 + 1 << (Self.maximumLength - Int($1)) }
    guard used == [1] || sum == 1 << Self.maximumLength else { return nil }
    self.init(checked: lengths)
  }

  private init(checked lengths: [UInt8]) {
    self.lengths = lengths
    var countOfLength = [Int](repeating: 0, count: Self.maximumLength + 1)
    for length in lengths where length > 0 { countOfLength[Int(length)] += 1 }
    var next = [UInt32](repeating: 0, count: Self.maximumLength + 2)
    for length in 1...Self.maximumLength {
      next[length + 1] = (next[length] + UInt32(countOfLength[length])) << 1
    }
    var words = [UInt32](repeating: 0, count: lengths.count)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      words[symbol] = next[Int(length)]
      next[Int(length)] += 1
    }
    self.words = words
    self.countOfLength = countOfLength
    sortedSymbols = lengths.indices.filter { lengths[$0] > 0 }.sorted {
      (lengths[$0], $0) < (lengths[$1], $1)
    }
  }

  /// Whether only one symbol occurs, so that nothing need be written.
  public var hasLoneSymbol: Bool { sortedSymbols.count == 1 }

  /// Appends a symbol's code word.
  ///
  /// - Precondition: the symbol has a code word.
  public func encode(_ symbol: Int, to writer: inout BitWriter) {
    precondition(lengths[symbol] > 0, "the symbol does not occur")
    if !hasLoneSymbol { writer.append(words[symbol], count: Int(lengths[symbol])) }
  }

  /// Reads a symbol; any bits give one.
  ///
  /// - Complexity: O(length of its code word).
  public func decode(_ reader: inout BitReader) -> Int {
    if hasLoneSymbol { return sortedSymbols[0] }
    // Among the words of each length, `offset` is this word's number; the first that exists is it.
    var offset = 0
    var firstSymbol = 0
    for length in 1...Self.maximumLength {
      offset = 2 * offset + (reader.next() ? 1 : 0)
      if offset < countOfLength[length] { return sortedSymbols[firstSymbol + offset] }
      offset -= countOfLength[length]
      firstSymbol += countOfLength[length]
    }
    preconditionFailure("the words of a complete code end at its longest")
  }
}
