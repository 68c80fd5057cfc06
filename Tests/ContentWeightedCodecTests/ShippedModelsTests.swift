import Codecs
import Foundation
import LearnedCodecs
import Testing

@testable import ContentWeightedCodec

/// What only trained weights can show.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct ShippedModelsTests {
  private static func codec(_ parameters: [String: String] = [:]) throws -> any Codec {
    let folder = try #require(ModelCatalog.shippedFolder)
    let models = try ModelCatalog(
      folder: folder, families: LearnedCodecFamilies([ContentWeightedCodec.self])
    ).models
    let providers = ContentWeightedCodec.providers(models: models)
    return try #require(providers.first { $0.id == "cw" }).codec(parameters)
  }

  /// Targets between the least and the most that the model has for a picture, not all of which a
  /// single correction of the knob meets.
  @Test func targetRatesAreMetWithinTwoPerCent() throws {
    let image = Fixtures.picture(192, 160)
    let (quality, rate) = (try Self.codec(), try Self.codec(["mode": "rate"]))
    let bounds = try [0, 1].map { value in
      let bytes = try quality.encode(image, at: .value(value)).bytes
      return 8 * Double(bytes.count) / Double(image.pixelCount)
    }
    for share in [0.05, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9] {
      let bitsPerPixel = bounds[0] * pow(bounds[1] / bounds[0], share)
      let encoded = try rate.encode(image, at: .value(bitsPerPixel))
      let reached = 8 * Double(encoded.bytes.count) / Double(image.pixelCount)
      #expect(abs(reached / bitsPerPixel - 1) <= 0.02)
      #expect(try quality.decode(encoded.bytes).width == image.width)
    }
  }
}
