import EntropyCoding
import Foundation
import TestSupport
import Testing

@Suite struct AdaptiveBitTests {
  @Test func startsAtOneHalf() {
    #expect(AdaptiveBit().probabilityOfOne == 32768)
  }

  @Test(arguments: [0.02, 0.1, 0.5, 0.9, 0.98])
  func learnsAStationaryProbability(probability: Double) {
    var generator = SeededGenerator(seed: 5)
    var context = AdaptiveBit()
    var sum = 0.0
    for index in 0..<20_000 {
      context.update(Double.random(in: 0..<1, using: &generator) < probability)
      if index >= 1_000 { sum += Double(context.probabilityOfOne) / 65536 }
    }
    // Steps round down, which pulls the estimate by less than window / 2¹⁶ = 0.002.
    #expect(abs(sum / 19_000 - probability) < 0.004)
  }

  @Test func learnsFromFewBits() {
    var context = AdaptiveBit()
    for count in 1...10 {
      context.update(true)
      let estimate = (Double(count) + 0.25) / (Double(count) + 0.5)
      #expect(abs(Double(context.probabilityOfOne) / 65536 - estimate) < 0.001)
    }
  }

  @Test func adaptiveCodingCostsLittleMoreThanTheEntropy() {
    var generator = SeededGenerator(seed: 6)
    var encoder = BinaryRangeEncoder()
    var context = AdaptiveBit()
    let bits = (0..<100_000).map { _ in Double.random(in: 0..<1, using: &generator) < 0.1 }
    for bit in bits { encoder.encode(bit, context: &context) }
    let bytes = encoder.finish()
    let entropy = -0.1 * log2(0.1) - 0.9 * log2(0.9)
    #expect(Double(bytes.count * 8) < 1.02 * entropy * 100_000)

    var decoder = BinaryRangeDecoder(bytes)
    var decoderContext = AdaptiveBit()
    #expect(bits.allSatisfy { decoder.decode(context: &decoderContext) == $0 })
    #expect(context == decoderContext)
  }

  @Test(arguments: [true, false])
  func probabilitiesStayInside(bit: Bool) {
    var context = AdaptiveBit()
    for _ in 0..<100_000 { context.update(bit) }
    let probability = bit ? 65535 - context.probabilityOfOne + 1 : context.probabilityOfOne
    #expect(probability >= AdaptiveBit.minimumProbability)
    #expect(probability < 700)
  }
}
