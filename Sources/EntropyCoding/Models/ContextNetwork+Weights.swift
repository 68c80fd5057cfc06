extension ContextNetwork {
  /// The numbers of a network, all row by row in the order of the letters.
  ///
  /// K maps, C conditions, R rate steps, U and V hidden units, (K − 3)(K − 4)/2 links, and the 39 values
  /// of the context: maps k − 3 … k − 1, rows y − 1 … y + 1, columns x − 1 … x + 1; then rows y − 2 and
  /// y − 1 of map k, columns x − 2 … x + 2, and row y, columns x − 2 and x − 1.
  public struct Weights: Sendable, Equatable {
    /// K: the number of maps.
    public var mapCount: Int
    /// C: the number of conditions that a position can have.
    public var conditionCount: Int
    /// R: the number of steps of the rate.
    public var rateStepCount: Int
    /// U: the units of the first layer, a multiple of 16.
    public var firstUnitCount: Int
    /// V: the units of the second layer, a multiple of 16.
    public var secondUnitCount: Int
    /// What an available bit of 0 adds: (K, 39, U).
    public var zeros: [Int16]
    /// What an available bit of 1 adds: (K, 39, U).
    public var ones: [Int16]
    /// What a bit of 1 of map j at the same position adds in map k, rows in the order of k, then j:
    /// ((K − 3)(K − 4)/2, U).
    public var links: [Int16]
    /// What each map adds: (K, U).
    public var mapBiases: [Int16]
    /// What each condition adds: (C, U).
    public var conditionBiases: [Int16]
    /// What each rate step adds: (R, U).
    public var rateBiases: [Int16]
    /// The second layer: (K, V, U).
    public var secondWeights: [Int16]
    /// Its biases: (K, V).
    public var secondBiases: [Int32]
    /// The third layer: (K, V).
    public var thirdWeights: [Int16]
    /// Its biases: (K).
    public var thirdBiases: [Int32]
    /// By how many bits the sums of the three layers are shifted to the right.
    public var shifts: [Int32]
    /// The probability of a one in 65536ths for each logit from −512 to 511.
    public var probabilities: [UInt16]

    /// Collects the numbers; ``ContextNetwork/init(_:)`` checks them.
    public init(
      mapCount: Int, conditionCount: Int, rateStepCount: Int, firstUnitCount: Int,
      secondUnitCount: Int, zeros: [Int16], ones: [Int16], links: [Int16], mapBiases: [Int16],
      conditionBiases: [Int16], rateBiases: [Int16], secondWeights: [Int16],
      secondBiases: [Int32], thirdWeights: [Int16], thirdBiases: [Int32], shifts: [Int32],
      probabilities: [UInt16]
    ) {
      self.mapCount = mapCount
      self.conditionCount = conditionCount
      self.rateStepCount = rateStepCount
      self.firstUnitCount = firstUnitCount
      self.secondUnitCount = secondUnitCount
      self.zeros = zeros
      self.ones = ones
      self.links = links
      self.mapBiases = mapBiases
      self.conditionBiases = conditionBiases
      self.rateBiases = rateBiases
      self.secondWeights = secondWeights
      self.secondBiases = secondBiases
      self.thirdWeights = thirdWeights
      self.thirdBiases = thirdBiases
      self.shifts = shifts
      self.probabilities = probabilities
    }
  }

  /// Why numbers make no network.
  public struct WeightsError: Error, Equatable {
    /// What is wrong, in a phrase.
    public let message: String
  }
}

extension ContextNetwork.Weights {
  /// The largest number that a hidden unit hands on.
  static let activationMaximum = 255

  /// Half of what the last bit shifted out is worth, so that shifting rounds to the nearest.
  static func half(_ shift: Int32) -> Int32 { shift > 0 ? 1 << (shift - 1) : 0 }

  /// The rows of ``ContextNetwork/Weights/links`` that belong to a map.
  func linkRows(of map: Int) -> Range<Int> {
    ContextNetwork.linkCount(mapCount: map)..<ContextNetwork.linkCount(mapCount: map + 1)
  }

  /// Makes sure that all lengths fit and no sum can leave its type.
  func check() throws(ContextNetwork.WeightsError) {
    func require(
      _ condition: Bool, _ message: @autoclosure () -> String
    ) throws(ContextNetwork.WeightsError) {
      guard condition else { throw ContextNetwork.WeightsError(message: message()) }
    }
    for count in [firstUnitCount, secondUnitCount] {
      try require(
        count > 0 && count <= ContextNetwork.maximumUnitCount
          && count % ContextNetwork.unitMultiple == 0,
        "\(count) hidden units are no multiple of \(ContextNetwork.unitMultiple) up to "
          + "\(ContextNetwork.maximumUnitCount)")
    }
    try require(
      mapCount > 0 && conditionCount > 0 && rateStepCount > 0, "there is no map, condition or rate")
    let context = ContextNetwork.contextSize
    let lengths = [
      (zeros.count, mapCount * context * firstUnitCount),
      (ones.count, mapCount * context * firstUnitCount),
      (links.count, ContextNetwork.linkCount(mapCount: mapCount) * firstUnitCount),
      (mapBiases.count, mapCount * firstUnitCount),
      (conditionBiases.count, conditionCount * firstUnitCount),
      (rateBiases.count, rateStepCount * firstUnitCount),
      (secondWeights.count, mapCount * secondUnitCount * firstUnitCount),
      (secondBiases.count, mapCount * secondUnitCount),
      (thirdWeights.count, mapCount * secondUnitCount), (thirdBiases.count, mapCount),
      (shifts.count, 3), (probabilities.count, ContextNetwork.probabilityCount),
    ]
    try require(lengths.allSatisfy { $0.0 == $0.1 }, "an array has the wrong length")
    try require(
      (0...14).contains(shifts[0]) && shifts[1...].allSatisfy { (0...30).contains($0) },
      "a shift is out of range")
    try require(!probabilities.contains(0), "a probability is 0")
    try require(firstSumsFit, "a sum of the first layer might not fit 16 bits")
    try require(laterSumsFit, "a sum of a later layer might not fit 32 bits")
  }

  private var firstSumsFit: Bool {
    func largest(_ biases: [Int16], _ unit: Int) -> Int {
      let ofUnit = stride(from: unit, to: biases.count, by: firstUnitCount)
      return ofUnit.map { abs(Int(biases[$0])) }.max() ?? 0
    }
    for unit in 0..<firstUnitCount {
      let fixed =
        largest(conditionBiases, unit) + largest(rateBiases, unit) + Int(Self.half(shifts[0]))
      for map in 0..<mapCount {
        var sum = fixed + abs(Int(mapBiases[map * firstUnitCount + unit]))
        for value in 0..<ContextNetwork.contextSize {
          let index = (map * ContextNetwork.contextSize + value) * firstUnitCount + unit
          sum += max(abs(Int(zeros[index])), abs(Int(ones[index])))
        }
        for link in linkRows(of: map) { sum += abs(Int(links[link * firstUnitCount + unit])) }
        if sum > Int(Int16.max) { return false }
      }
    }
    return true
  }

  private var laterSumsFit: Bool {
    func fits(_ weights: ArraySlice<Int16>, _ bias: Int32, _ shift: Int32) -> Bool {
      let sum = weights.reduce(abs(Int(bias)) + Int(Self.half(shift))) {
        $0 + Self.activationMaximum * abs(Int($1))
      }
      return sum <= Int(Int32.max)
    }
    let second = secondBiases.indices.allSatisfy { row in
      fits(
        secondWeights[row * firstUnitCount..<(row + 1) * firstUnitCount], secondBiases[row],
        shifts[1])
    }
    let third = thirdBiases.indices.allSatisfy { map in
      fits(
        thirdWeights[map * secondUnitCount..<(map + 1) * secondUnitCount], thirdBiases[map],
        shifts[2])
    }
    return second && third
  }
}
