import EntropyCoding
import Foundation
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
