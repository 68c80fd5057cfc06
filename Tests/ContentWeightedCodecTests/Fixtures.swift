import Codecs
import Foundation
import Imaging
import LearnedCodecs
import NeuralNetworks
import TestSupport
import Testing

@testable import ContentWeightedCodec

/// The small models of `Scripts/fixtures/content_weighted.py`.
enum Fixtures {
  static let modelNames = ["lambda", "maps", "appendix"]

  static func url(_ name: String) throws -> URL {
    try #require(
      Bundle.module.url(
        forResource: name, withExtension: "safetensors", subdirectory: "Fixtures"))
  }

  static func model(_ name: String) throws -> ContentWeightedModel {
    try ContentWeightedModel(contentsOf: url(name))
  }

  /// The coders that a model has all for.
  static func coders(_ name: String) throws -> [CoderID] {
    let entropy = try model(name).entropy
    return CoderID.allCases.filter { $0.coder(for: entropy, knob: RateKnob(byte: 0)) != nil }
  }

  static func codec(
    _ name: String, _ parameters: [String: String] = [:], maximumPixelCount: Int = 1 << 27
  ) throws -> ContentWeightedCodec {
    let id = name == "maps" ? "cw-no-importance" : "cw"
    let providers = ContentWeightedCodec.providers(
      models: [ModelReference(try model(name))], maximumPixelCount: maximumPixelCount)
    let provider = try #require(providers.first { $0.id == id })
    return try #require(try provider.codec(parameters) as? ContentWeightedCodec)
  }

  /// A quality that the model of that name takes.
  static func quality(_ name: String, _ value: Double = 0.6) -> Quality {
    name == "appendix" ? .fixed : .value(value)
  }

  /// Edges, gradients and noise.
  static func picture(_ width: Int, _ height: Int, _ colorModel: Image.ColorModel = .rgb) -> Image {
    var generator = SeededGenerator(seed: UInt64(width * 1_000 + height))
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<colorModel.channelCount {
          let edge = (x / 11 + y / 7 + channel) % 2 * 90
          samples.append(UInt8((x * 3 + edge + Int.random(in: 0..<40, using: &generator)) % 256))
        }
      }
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }
}

/// The greatest difference between samples of two pictures of one size.
func greatestDifference(_ first: Image, _ second: Image) -> Int {
  zip(first.samples, second.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

let oneDNNIsAvailable = !Engine.libraryVersion.isEmpty

/// The values of `ONEDNN_MAX_CPU_ISA` up to the best that this machine has.
let instructionSets: [String] = {
  let known = [
    "SSE41", "AVX", "AVX2", "AVX512_CORE", "AVX512_CORE_VNNI", "AVX512_CORE_BF16",
    "AVX512_CORE_AMX",
  ]
  let best = Engine.instructionSet.uppercased()
  guard let index = known.lastIndex(where: { best.hasSuffix($0) }) else { return [] }
  return Array(known[...index])
}()
