/// Shares of at least 1 with the given sum that minimise Σ count · −log₂(share), in integers.
///
/// Raising a share from n to n + 1 saves count · log₂((n + 1)/n) bits, less with each step. The best
/// shares are therefore those of all steps that save at least some number, which is found by
/// bisection; of steps that save just as much, those of the first entries are taken.
///
/// - Precondition: a count is not 0, and `sum` is 65536 or less and not below the number of counts.
func quantizedShares(_ counts: [UInt32], sum: Int = 65536) -> [UInt32] {
  precondition(counts.contains { $0 > 0 }, "no counts to make a table from")
  precondition(counts.count <= sum, "too many symbols")
  let logarithms = fixedPointLogarithms
  func saving(_ count: UInt32, _ share: Int) -> UInt128 {
    UInt128(count) * UInt128(logarithms[share + 1] - logarithms[share])
  }
  /// The share after all steps that save at least `threshold`.
  func share(_ count: UInt32, _ threshold: UInt128) -> Int {
    var (low, high) = (1, sum)
    while low < high {
      let middle = (low + high) / 2
      if saving(count, middle) >= threshold { low = middle + 1 } else { high = middle }
    }
    return low
  }
  // Shares at `low` are enough or too many, those at `high` too few or just enough.
  var (low, high) = (UInt128(0), UInt128(1) << 73)
  while high - low > 1 {
    let middle = (low + high) / 2
    if counts.reduce(0, { $0 + share($1, middle) }) > sum { low = middle } else { high = middle }
  }
  var shares = counts.map { share($0, high) }
  var rest = sum - shares.reduce(0, +)
  for index in counts.indices where rest > 0 && saving(counts[index], shares[index]) == low {
    shares[index] += 1
    rest -= 1
  }
  return shares.map { UInt32($0) }
}

/// log₂ of 1…65537 in units of 2⁻⁴⁰, entry 0 unused.
///
/// Fine enough that the steps between neighbours strictly fall: by 2⁻³¹ or more.
private let fixedPointLogarithms: [UInt64] = (0...65537).map { number in
  guard number > 0 else { return 0 }
  // Squaring a mantissa of 1..<2 yields the next bit of its logarithm.
  let top = 63 - UInt64(number).leadingZeroBitCount
  var mantissa = UInt64(number) << (63 - top)
  var logarithm = UInt64(top)
  for _ in 0..<40 {
    let square = mantissa.multipliedFullWidth(by: mantissa)
    let isTwoOrMore = square.high >> 63 == 1
    mantissa = isTwoOrMore ? square.high : square.high << 1 | square.low >> 63
    logarithm = logarithm << 1 | (isTwoOrMore ? 1 : 0)
  }
  return logarithm
}
