import EntropyCoding
import LearnedCodecs
import TestSupport
import Testing

@testable import ContentWeightedCodec

extension EntropyModel {
  /// Networks of random weights for any shape of model.
  static func random(mapCount: Int, levelCount: Int) throws -> EntropyModel {
    var generator = SeededGenerator(seed: 1)
    func network(maps: Int, conditions: Int) throws -> ContextNetwork {
      func numbers<Integer: FixedWidthInteger & SignedInteger>(
        _ count: Int, _ limit: Integer
      ) -> [Integer] {
        (0..<count).map { _ in Integer.random(in: -limit...limit, using: &generator) }
      }
      let units = ContextNetwork.unitMultiple
      let context = ContextNetwork.contextSize
      return try ContextNetwork(
        ContextNetwork.Weights(
          mapCount: maps, conditionCount: conditions, rateStepCount: EntropyModel.rateStepCount,
          firstUnitCount: units, secondUnitCount: units,
          zeros: numbers(maps * context * units, 100), ones: numbers(maps * context * units, 100),
          links: numbers(ContextNetwork.linkCount(mapCount: maps) * units, 100),
          mapBiases: numbers(maps * units, 500), conditionBiases: numbers(conditions * units, 500),
          rateBiases: numbers(EntropyModel.rateStepCount * units, 500),
          secondWeights: numbers(maps * units * units, 100),
          secondBiases: numbers(maps * units, 10_000), thirdWeights: numbers(maps * units, 100),
          thirdBiases: numbers(maps, 1_000), shifts: [2, 8, 8],
          probabilities: (0..<1024).map { UInt16(32 + $0 * 63) }))
    }
    let planes = planeCount(levelCount: levelCount)
    return EntropyModel(
      codes: try network(maps: mapCount, conditions: max(1, levelCount)),
      importance: planes > 0 ? try network(maps: planes, conditions: 1 << planes) : nil)
  }
}

extension CoderID {
  /// A coder for any shape of model, with random weights where it needs some.
  func coder(mapCount: Int, levelCount: Int) throws -> any LatentCoder {
    try #require(
      coder(
        for: .random(mapCount: mapCount, levelCount: levelCount), knob: RateKnob(byte: 100)))
  }
}
