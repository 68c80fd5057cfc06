import TestSupport

@testable import EntropyCoding

/// A context network evaluated as its article states it, one bit and one product after another.
struct ContextNetworkReference {
  let weights: ContextNetwork.Weights
  let width: Int
  let height: Int
  /// The value of each bit of all maps, 0 where it is not sent, else the bit plus 1.
  var values: [UInt8]
  let rateStep: Int

  /// The probability of a one in 65536ths.
  func probability(map: Int, row: Int, column: Int, condition: Int) -> UInt16 {
    weights.probabilities[index(map: map, row: row, column: column, condition: condition)]
  }

  /// Where in the table that probability is.
  func index(map: Int, row: Int, column: Int, condition: Int) -> Int {
    let (first, second) = (weights.firstUnitCount, weights.secondUnitCount)
    let context = context(map: map, row: row, column: column)
    let hidden = (0..<first).map { unit -> Int in
      var sum =
        Int(weights.mapBiases[map * first + unit])
        + Int(weights.conditionBiases[condition * first + unit])
        + Int(weights.rateBiases[rateStep * first + unit])
      for (index, value) in context.enumerated() where value > 0 {
        let weight = (map * ContextNetwork.contextSize + index) * first + unit
        sum += Int(value == 1 ? weights.zeros[weight] : weights.ones[weight])
      }
      for earlier in 0..<max(0, map - 3)
      where values[(earlier * height + row) * width + column] == 2 {
        // The rows of the maps before this one: 1 + 2 + … of them.
        let before = (0..<map).reduce(0) { $0 + max(0, $1 - 3) }
        sum += Int(weights.links[(before + earlier) * first + unit])
      }
      return min(max(shifted(sum, 0), 0), 255)
    }
    let output = (0..<second).map { unit -> Int in
      let sum = (0..<first).reduce(Int(weights.secondBiases[map * second + unit])) {
        $0 + Int(weights.secondWeights[(map * second + unit) * first + $1]) * hidden[$1]
      }
      return min(max(shifted(sum, 1), 0), 255)
    }
    let sum = (0..<second).reduce(Int(weights.thirdBiases[map])) {
      $0 + Int(weights.thirdWeights[map * second + $1]) * output[$1]
    }
    return min(max(shifted(sum, 2), -512), 511) + 512
  }

  /// The values around a bit that lie before it.
  private func context(map: Int, row: Int, column: Int) -> [UInt8] {
    var context: [UInt8] = []
    for distance in (0...3).reversed() {
      for y in distance == 0 ? row - 2...row : row - 1...row + 1 {
        for x in distance == 0 ? column - 2...column + 2 : column - 1...column + 1 {
          if distance == 0, y == row, x >= column { continue }
          let isInside =
            map - distance >= 0 && (0..<height).contains(y) && (0..<width).contains(x)
          context.append(
            isInside ? values[((map - distance) * height + y) * width + x] : 0)
        }
      }
    }
    return context
  }

  private func shifted(_ sum: Int, _ layer: Int) -> Int {
    let shift = Int(weights.shifts[layer])
    return (sum + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift
  }
}

extension ContextNetwork.Weights {
  /// Random weights, as large as fits, of so many maps that the last are linked to more than eight.
  static func random(
    mapCount: Int = 14, conditionCount: Int = 2, units: (first: Int, second: Int) = (16, 16),
    seed: UInt64
  ) -> ContextNetwork.Weights {
    var generator = SeededGenerator(seed: seed)
    func numbers<Integer: FixedWidthInteger & SignedInteger>(
      _ count: Int, _ limit: Integer
    ) -> [Integer] {
      (0..<count).map { _ in Integer.random(in: -limit...limit, using: &generator) }
    }
    let context = ContextNetwork.contextSize
    return ContextNetwork.Weights(
      mapCount: mapCount, conditionCount: conditionCount, rateStepCount: 4,
      firstUnitCount: units.first, secondUnitCount: units.second,
      zeros: numbers(mapCount * context * units.first, 300),
      ones: numbers(mapCount * context * units.first, 300),
      links: numbers(ContextNetwork.linkCount(mapCount: mapCount) * units.first, 150),
      mapBiases: numbers(mapCount * units.first, 2_000),
      conditionBiases: numbers(conditionCount * units.first, 2_000),
      rateBiases: numbers(4 * units.first, 2_000),
      secondWeights: numbers(mapCount * units.first * units.second, 8_000),
      secondBiases: numbers(mapCount * units.second, 1_000_000),
      thirdWeights: numbers(mapCount * units.second, 20_000),
      thirdBiases: numbers(mapCount, 10_000_000), shifts: [3, 14, 15],
      probabilities: (0..<1024).map { UInt16(32 + $0 * 63) })
  }
}
