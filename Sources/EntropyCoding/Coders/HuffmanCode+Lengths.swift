extension HuffmanCode {
  /// The lengths of at most ``maximumLength`` that make the sum of count · length least.
  ///
  /// The package-merge algorithm of Larmore and Hirschberg (1990): a symbol of length l is paid for
  /// with a coin of each of the denominations 2⁻¹ … 2⁻ˡ, and the cheapest coins that sum to n − 1 are
  /// taken by packing pairs of the smaller denominations. Equal weights are taken leaf first, then
  /// by symbol, so the result is the same everywhere.
  ///
  /// - Complexity: O(maximumLength · n²) for n symbols that occur.
  static func lengths(counts: [Int]) -> [UInt8] {
    var lengths = [UInt8](repeating: 0, count: counts.count)
    let symbols = counts.indices.filter { counts[$0] > 0 }
    precondition(!symbols.isEmpty, "a code has a symbol")
    precondition(symbols.count <= 1 << maximumLength, "there are more symbols than code words")
    guard symbols.count > 1 else {
      lengths[symbols[0]] = 1
      return lengths
    }
    let leaves = symbols.map { Package(weight: counts[$0], symbols: [$0]) }
      .sorted { ($0.weight, $0.symbols[0]) < ($1.weight, $1.symbols[0]) }
    var packages = leaves
    for _ in 1..<maximumLength {
      let pairs = stride(from: 0, to: packages.count - 1, by: 2).map { index in
        Package(
          weight: packages[index].weight + packages[index + 1].weight,
          symbols: packages[index].symbols + packages[index + 1].symbols)
      }
      packages = merged(leaves, pairs)
    }
    for package in packages.prefix(2 * symbols.count - 2) {
      for symbol in package.symbols { lengths[symbol] += 1 }
    }
    return lengths
  }

  /// Coins that are only taken together.
  private struct Package {
    let weight: Int
    let symbols: [Int]
  }

  /// Two ascending lists as one, the first list's before the second's of the same weight.
  private static func merged(_ first: [Package], _ second: [Package]) -> [Package] {
    var result: [Package] = []
    var rest = second[...]
    for package in first {
      while let candidate = rest.first, candidate.weight < package.weight {
        result.append(candidate)
        rest = rest.dropFirst()
      }
      result.append(package)
    }
    return result + rest
  }
}
