import EntropyCoding
import Foundation
import LearnedCodecs
import NeuralNetworks
import Testing

@testable import ContentWeightedCodec

/// The networks of a model's file against the training program, which made the file.
@Suite struct EntropyModelTests {
  /// What the training program computed for made-up codes.
  private struct Expectation {
    let shape: [Int]
    let values: [Int32]
    let conditions: [Int32]
    let probabilities: [Int32]

    init(_ name: String) throws {
      let file = try SafeTensors(contentsOf: Fixtures.url("entropy.fixture"))
      let shape = try #require(file.entries["\(name).values"]).shape
      self.shape = shape
      values = try file.integers("\(name).values", shape: shape, as: Int32.self)
      conditions = try file.integers("\(name).conditions", shape: shape, as: Int32.self)
      probabilities = try file.integers("\(name).probabilities", shape: shape, as: Int32.self)
    }
  }

  @Test(arguments: ["codes", "importance"])
  func sizeIsThatOfTheTrainingProgramsProbabilities(name: String) throws {
    let model = try #require(try Fixtures.model("appendix").entropy)
    let network = name == "codes" ? model.codes : try #require(model.importance)
    let expected = try Expectation(name)
    // A decoder that is fed the expected probabilities reads the bits that the walk writes: both
    // agree on every probability.
    var encoder = BinaryRangeEncoder()
    var walk = ContextNetworkWalk(
      network, width: expected.shape[2], height: expected.shape[1], rateStep: 100 * 16 / 256)
    let size = expected.shape[1] * expected.shape[2]
    for map in 0..<expected.shape[0] {
      let bits = expected.values[map * size..<(map + 1) * size].map { UInt8($0 > 0 ? 1 : 0) }
      walk.encodeNextMap(bits[...], to: &encoder) { position in
        .init(
          isSent: expected.values[map * size + position] != 0,
          condition: Int(expected.conditions[map * size + position]))
      }
    }
    var reference = BinaryRangeEncoder()
    for index in expected.values.indices where expected.values[index] != 0 {
      reference.encode(
        expected.values[index] > 0, probabilityOfOne: UInt16(expected.probabilities[index]))
    }
    #expect(encoder.finish() == reference.finish())
  }

  /// Thresholds of made-up logits, and the bits that they lead to with the costs of the networks.
  @Test func decisionsAreThoseOfTheTrainingProgram() throws {
    let model = try Fixtures.model("appendix")
    let network = try #require(model.entropy).codes
    let codes = try Expectation("codes")
    let file = try SafeTensors(contentsOf: Fixtures.url("entropy.fixture"))
    let logits = try file.tensor("rdoq.logits", shape: codes.shape).elements
    let thresholds = try file.integers("rdoq.limits", shape: codes.shape, as: Int32.self)
    let bits = try file.integers("rdoq.bits", shape: codes.shape, as: Int32.self)
    let knob = RateKnob(byte: 100)
    let rules = try #require(model.quantizer).rules(at: knob.position)
    let size = codes.shape[1] * codes.shape[2]
    let found = logits.indices.map { rules[$0 / size].threshold(logits[$0]) }
    // Floats that lie between two thresholds may be rounded to either.
    #expect(zip(found, thresholds).allSatisfy { abs(Int32($0) - $1) <= 1 })
    #expect(zip(found, thresholds).count { Int32($0) != $1 } <= 1)

    var decided = thresholds.map { UInt8($0) }
    var encoder = BinaryRangeEncoder()
    var walk = ContextNetworkWalk(
      network, width: codes.shape[2], height: codes.shape[1], rateStep: 100 * 16 / 256)
    for map in 0..<codes.shape[0] {
      walk.decideNextMap(&decided[map * size..<(map + 1) * size], to: &encoder) { position in
        .init(
          isSent: codes.values[map * size + position] != 0,
          condition: Int(codes.conditions[map * size + position]))
      }
    }
    for index in decided.indices where codes.values[index] != 0 {
      #expect(Int32(decided[index]) == bits[index])
    }
    #expect(zip(logits, bits).contains { ($0 > 0) != ($1 > 0) })
  }

  @Test func valuesBetweenKnobsLieOnALine() {
    let quantizer = RateDistortionQuantizer(
      slopes: [0, 0.2, 0.1, 0, 0, 0], means: [1, 3, 2, 0, 0, 0], knobCount: 3)
    let unit = Float(64 * log(2.0))
    for (knob, slope, mean) in [(0.25, 0.1, 2.0), (0.5, 0.2, 3), (1, 0.1, 2)]
      as [(Float, Float, Float)]
    {
      let rules = quantizer.rules(at: knob)
      for logit in [-0.3, -0.01, 0, 0.02, 0.4] as [Float] {
        // The cost at which a one and a zero are as good as each other, as an index of the table.
        let index = 512 - unit * (logit / slope + mean)
        let expected = min(max((index * 255 / 1024).rounded(), 0), 255)
        #expect(abs(Float(rules[0].threshold(logit)) - expected) <= 1)
        #expect(rules[1].threshold(logit) == (logit > 0 ? 0 : 255))
      }
      #expect(rules[0].threshold(.nan) == 0)
      #expect((rules[0].threshold(.infinity), rules[0].threshold(-.infinity)) == (0, 255))
    }
    let single = RateDistortionQuantizer(slopes: [0.1], means: [2], knobCount: 1)
    #expect(single.rules(at: 1)[0].threshold(0) == single.rules(at: 0)[0].threshold(0))
  }

  @Test func shapesFollowTheConfiguration() throws {
    let model = try Fixtures.model("appendix")
    let entropy = try #require(model.entropy)
    #expect(entropy.codes.mapCount == model.configuration.codeMapCount)
    #expect(entropy.codes.conditionCount == model.configuration.importanceLevelCount)
    #expect(entropy.importance?.mapCount == 2)
    #expect(try Fixtures.model("lambda").entropy == nil)
  }

  @Test func weightsThatCannotBeUsedAreRefused() throws {
    var data = try Data(contentsOf: Fixtures.url("appendix"))
    let text = #"\"entropy_units\": [16, 16]"#
    let range = try #require(data.range(of: Data(text.utf8)))
    data.replaceSubrange(range, with: Data(#"\"entropy_units\": [16, 32]"#.utf8))
    #expect {
      try ContentWeightedModel(data, name: "model.safetensors")
    } throws: { error in
      ((error as? NeuralNetworkError)?.message ?? "").contains("entropy.")
    }
  }
}
