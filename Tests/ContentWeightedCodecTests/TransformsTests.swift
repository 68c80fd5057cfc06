import Foundation
import Imaging
import LearnedCodecs
import NeuralNetworks
import Testing

@testable import ContentWeightedCodec

/// The networks against PyTorch, and against themselves in other windows and on other processors.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct TransformsTests {
  /// One picture of a fixture with PyTorch's results.
  struct Case {
    let knob: RateKnob
    let image: Image
    let picture: Image
    let logits: [Float]
    let importance: [Float]
    let levels: [UInt8]
    let code: [Float]

    init(_ file: SafeTensors, _ name: String, rateByte: UInt8) throws {
      func tensor(_ key: String) throws -> Tensor {
        let entry = try #require(file.entries["\(name).\(key)"], "\(name).\(key)")
        return try file.tensor("\(name).\(key)", shape: entry.shape)
      }
      func image(_ key: String) throws -> Image {
        let tensor = try tensor(key)
        let (height, width) = (tensor.shape[1], tensor.shape[2])
        let samples = (0..<height * width).flatMap { position in
          (0..<3).map { UInt8(tensor.elements[$0 * height * width + position]) }
        }
        return Image(width: width, height: height, colorModel: .rgb, samples: samples)
      }
      knob = RateKnob(byte: rateByte)
      self.image = try image("image")
      picture = try image("picture")
      logits = try tensor("analysis.logits").elements
      code = try tensor("code").elements
      let hasMap = file.entries["\(name).importance.p"] != nil
      importance = hasMap ? try tensor("importance.p").elements : []
      levels = hasMap ? try tensor("importance.levels").elements.map { UInt8($0) } : []
    }

    static func all(_ model: String) throws -> [Case] {
      let file = try SafeTensors(contentsOf: Fixtures.url("\(model).fixture"))
      return [try Case(file, "a", rateByte: 200), try Case(file, "b", rateByte: 120)]
    }
  }

  private static func expectParity(_ name: String) throws {
    let model = try Fixtures.model(name)
    let transforms = Transforms(
      model: model, engine: try Engine(precision: .float32, threadCount: 1))
    for fixture in try Case.all(name) {
      let analysis = try transforms.analyze(fixture.image, at: fixture.knob)
      for (threshold, logit) in zip(analysis.decisionThresholds, fixture.logits)
      where abs(logit) > 1e-4 {
        #expect(threshold == (logit > 0 ? 0 : 255))
      }
      #expect(analysis.importance.count == fixture.importance.count)
      for (p, expected) in zip(analysis.importance, fixture.importance) {
        #expect(abs(p - expected) < 1e-5)
      }

      let latent = analysis.latent(
        for: model.configuration, knob: fixture.knob, importanceScale: 1
      ).latent
      #expect(latent.levels == fixture.levels)
      for (index, expected) in fixture.code.enumerated() {
        let (map, position) = index.quotientAndRemainder(dividingBy: latent.grid.positionCount)
        let isSent = map < Int(latent.mapCounts[position])
        #expect(isSent == (expected != 0))
        if isSent, abs(fixture.logits[index]) > 1e-4 {
          #expect(latent.bits[index] == (expected > 0 ? 1 : 0))
        }
      }

      let picture = try transforms.synthesize(
        latent, at: fixture.knob, width: fixture.image.width, height: fixture.image.height,
        colorModel: .rgb)
      #expect(greatestDifference(picture, fixture.picture) <= 1)
      let equal = zip(picture.samples, fixture.picture.samples).count { $0 == $1 }
      #expect(equal >= picture.samples.count - 2)
    }
  }

  @Test(arguments: Fixtures.modelNames)
  func agreesWithPyTorch(name: String) throws {
    try Self.expectParity(name)
  }

  @Test(arguments: instructionSets)
  func agreesWithPyTorchOnOtherInstructionSets(instructionSet: String) async {
    // oneDNN reads the variable once, so each level needs a process of its own.
    await #expect(processExitsWith: .success) { [instructionSet] in
      setenv("ONEDNN_MAX_CPU_ISA", instructionSet, 1)
      for name in Fixtures.modelNames { try Self.expectParity(name) }
    }
  }

  @Test(arguments: Fixtures.modelNames)
  func windowsDoNotShow(name: String) throws {
    let model = try Fixtures.model(name)
    let engine = try Engine(precision: .float32, threadCount: 1)
    let whole = Transforms(model: model, engine: engine)
    let image = Fixtures.picture(203, 155)
    let knob = RateKnob(byte: 180)
    let expected = try whole.analyze(image, at: knob)
    let latent = expected.latent(for: model.configuration, knob: knob, importanceScale: 1).latent
    let picture = try whole.synthesize(
      latent, at: knob, width: 203, height: 155, colorModel: .rgb)
    for coreLength in [4, 9] {
      var cut = whole
      cut.coreLength = coreLength
      let analysis = try cut.analyze(image, at: knob)
      // A logit within rounding of zero may fall on the other side.
      #expect(zip(analysis.decisionThresholds, expected.decisionThresholds).count { $0 != $1 } <= 1)
      for (p, q) in zip(analysis.importance, expected.importance) { #expect(abs(p - q) < 1e-5) }
      let pieces = try cut.synthesize(
        latent, at: knob, width: 203, height: 155, colorModel: .rgb)
      #expect(greatestDifference(pieces, picture) <= 1)
    }
  }

  @Test func marginsFollowTheLayers() throws {
    let model = try Fixtures.model("lambda")
    #expect(model.analysisMargin == 8)
    #expect(model.synthesisMargin == 8)
    #expect(try Fixtures.model("appendix").analysisMargin == 8)
    #expect(try Fixtures.model("appendix").synthesisMargin == 6)
  }
}
