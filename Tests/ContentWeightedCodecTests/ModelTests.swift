import Files
import Foundation
import LearnedCodecs
import NeuralNetworks
import Testing

@testable import ContentWeightedCodec

@Suite struct ModelTests {
  @Test func readsTheConfiguration() throws {
    let model = try Fixtures.model("lambda")
    #expect(model.configuration.codeMapCount == 16)
    #expect(model.configuration.importanceLevelCount == 8)
    #expect(model.configuration.rateMode == .lambda)
    #expect(model.digest.count == 32)
    #expect(model.name == hexadecimal(model.digest).prefix(8))
    #expect(try Fixtures.model("maps").configuration.rateMode == .maps)
    #expect(try Fixtures.model("appendix").configuration.rateMode == .fixed)
  }

  /// The file with a text of its header replaced by another of the same length.
  private func model(_ name: String, replacing text: String, by other: String) throws -> Data {
    #expect(text.utf8.count == other.utf8.count)
    var data = try Data(contentsOf: Fixtures.url(name))
    let range = try #require(data.range(of: Data(text.utf8)), "\(text)")
    data.replaceSubrange(range, with: Data(other.utf8))
    return data
  }

  @Test(
    arguments: [
      (#"\"format_version\": 1"#, #"\"format_version\": 2"#, "format_version 2 is not 1"),
      (#"\"kind\": \"content_weighted\""#, #"\"kind\": \"content_weightex\""#, "content_weightex"),
      (#"\"bypass\""#, #"\"bypasz\""#, "bypass is missing"),
      (#"\"activation_slope\": 0.1"#, #"\"activation_slope\": [ ]"#, "no number"),
      (#"\"code_maps\": 16"#, #"\"code_maps\": 15"#, "levels that divide"),
      (#"\"code_maps\": 16"#, #"\"code_maps\": -1"#, "whole number from 1"),
      (#"\"rate_mode\": \"lambda\""#, #"\"rate_mode\": \"lambdb\""#, "not one of lambda"),
      (#"\"rate_mode\": \"lambda\""#, #"\"rate_mode\": \"maps\"  "#, "does not fit"),
      (#"\"residual_channels\": 4"#, #"\"residual_channels\": 5"#, "has the shape"),
      (#"\"weights\": \"F16\""#, #"\"weights\": \"F32\""#, "has the type F16"),
      (#""analysis.conv1.bias""#, #""analysis.conv9.bias""#, "no tensor analysis.conv1.bias"),
      (#""rdbench-model""#, #""rdbench-modem""#, "is no model"),
    ])
  func refuses(text: String, replacement: String, reason: String) throws {
    let data = try model("lambda", replacing: text, by: replacement)
    #expect {
      try ContentWeightedModel(data, name: "model.safetensors")
    } throws: { error in
      let message = (error as? NeuralNetworkError)?.message ?? ""
      return message.contains(reason) && message.contains("model.safetensors")
    }
  }

  @Test func refusesTensorsThatAreLeftOver() throws {
    // Without bypass, its two tensors have no use.
    let data = try model("lambda", replacing: #"\"bypass\": true"#, by: #"\"bypass\":false"#)
    #expect {
      try ContentWeightedModel(data, name: "model.safetensors")
    } throws: { error in
      ((error as? NeuralNetworkError)?.message ?? "")
        .hasSuffix("does not use: analysis.bypass.weight, synthesis.bypass.weight")
    }
  }

  @Test func mapCountsFollowEquation5() {
    // n = 64, L = 16: level Q keeps n · Q / L maps.
    let counts = ImportanceMask.mapCounts(codeMapCount: 64, levelCount: 16)
    #expect(counts == (0..<16).map { UInt16(4 * $0) })
  }

  @Test func levelsAreClampedFloors() {
    let levels = ImportanceMask.levels(
      [0, 0.124, 0.125, 0.999, 1, .nan, -1], levelCount: 8, scale: 1)
    #expect(levels == [0, 0, 1, 7, 7, 0, 0])
    #expect(ImportanceMask.levels([0.5, 0.9], levelCount: 8, scale: 0.5) == [2, 3])
    #expect(ImportanceMask.levels([0.5], levelCount: 8, scale: 4) == [7])
  }

  @Test func rateBytes() {
    #expect(RateKnob(position: 0).byte == 0)
    #expect(RateKnob(position: 1).byte == 255)
    #expect(RateKnob(position: 0.5).byte == 128)
    for byte in UInt8.min...UInt8.max {
      let exact = (64 * Double(byte) / 255 + 0.5).rounded(.down)
      #expect(RateKnob(byte: byte).mapCount(of: 64) == max(1, min(64, Int(exact))))
    }
  }
}
