import Codecs
import ContentWeightedCodec
import Foundation
import Imaging
import LearnedCodecs
import NeuralNetworks
import Testing

/// A second family beside the first, of which nothing was changed for it.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct LearnedCodecFamiliesTests {
  private let families = LearnedCodecFamilies([ContentWeightedCodec.self, TinyCodec.self])

  private static let contentWeightedModel = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../ContentWeightedCodecTests/Fixtures/lambda.safetensors")

  private static func picture(
    _ width: Int, _ height: Int, _ colorModel: Image.ColorModel = .rgb
  ) -> Image {
    let samples = (0..<width * height * colorModel.channelCount).map { index in
      UInt8((index / colorModel.channelCount % width * 2 + index / width) % 256)
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }

  /// A registry with a model of each family, read from files whose kinds say whose they are.
  private func registry(tinyChannels: Int = 3) throws -> CodecRegistry {
    let tiny = FileManager.default.temporaryDirectory
      .appending(path: "tiny-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: tiny) }
    try TinyModelFile.bytes(channels: tinyChannels).write(to: tiny)
    let models = try [Self.contentWeightedModel, tiny].map { try families.model(contentsOf: $0) }
    #expect(models.map(\.codec) == ["cw", "tiny"])
    return CodecRegistry(families.providers(models: models))
  }

  @Test func allCodecsOfAllFamiliesAreListed() throws {
    #expect(families.codecIDs == ["cw", "cw-no-importance", "tiny"])
    #expect(try registry().providers.map(\.id) == families.codecIDs)
    let names = try registry().providers.map { provider in
      provider.parameters.first { $0.name == "model" }?.defaultValue
    }
    #expect(names[0] == "edf9a8ef" && names[1] == "none")
    #expect(names[2] == (try TinyModelFile.model().name))
  }

  @Test(arguments: ["cw", "tiny"])
  func filesAreRecognizedInspectedAndDecoded(id: String) throws {
    let registry = try registry()
    let codec = try registry.codec(spec: id)
    let image = Self.picture(37, 21)
    let encoded = try codec.encode(image, at: .value(0.5))
    #expect(families.recognize(encoded.bytes))
    #expect(registry.provider(recognizing: encoded.bytes)?.id == id)
    let inspection = try CodedFileInspection(encoded.bytes, kinds: families.fileKinds)
    #expect(inspection.codec == id && inspection.rateByte == 128)
    #expect(inspection.model == codec.descriptor.parameters["model"])
    #expect(inspection.sections == encoded.sections)
    let decoded = try codec.decode(encoded.bytes)
    #expect((decoded.width, decoded.height) == (37, 21))
  }

  @Test func oneFamilyRefusesTheFilesOfTheOther() throws {
    let registry = try registry()
    let codecs = try ["cw", "tiny"].map { try registry.codec(spec: $0) }
    for (codec, other) in [(codecs[0], codecs[1]), (codecs[1], codecs[0])] {
      let bytes = try other.encode(Self.picture(8, 8), at: .value(0.5)).bytes
      let error = #expect(throws: CodecError.self) { try codec.decode(bytes) }
      #expect(error?.kind == .corruptData && error?.codec == codec.descriptor.id)
    }
  }

  @Test func filesThatNoneCanReadAreRefusedByKind() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "other-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let configuration = TinyModelFile.configuration(channels: 3)
      .replacing(#""kind": "tiny""#, with: #""kind": "huge""#)
    try TinyModelFile.bytes(configuration: configuration).write(to: url)
    let error = #expect(throws: NeuralNetworkError.self) { try families.model(contentsOf: url) }
    #expect(
      error?.message.hasSuffix("the kind huge is none of content_weighted, tiny") == true,
      "\(error?.message ?? "")")
  }

  /// The encoder takes means of squares, so a flat picture comes back within half a step.
  @Test(arguments: [(3, Image.ColorModel.rgb), (3, .gray), (1, .gray)])
  func flatPicturesComeBack(channels: Int, colorModel: Image.ColorModel) throws {
    let codec = try registry(tinyChannels: channels).codec(spec: "tiny")
    let samples = [UInt8](repeating: 176, count: 30 * 22 * colorModel.channelCount)
    let image = Image(width: 30, height: 22, colorModel: colorModel, samples: samples)
    let decoded = try codec.decode(try codec.encode(image, at: .value(1)).bytes)
    #expect(decoded.colorModel == colorModel)
    // A sixty-fourth comes from the neighbours, and the step is 128 / 127.
    #expect(decoded.samples.allSatisfy { abs(Int($0) - 176) <= 2 })
    #expect(decoded.samples.count == samples.count)
  }

  @Test func greyNetworksTakeNoColour() throws {
    let codec = try registry(tinyChannels: 1).codec(spec: "tiny")
    let error = #expect(throws: CodecError.self) {
      try codec.encode(Self.picture(9, 9), at: .value(0.5))
    }
    #expect(error?.kind == .unsupportedImage)
  }

  @Test func windowsDoNotShow() throws {
    let provider = TinyCodec.providers(models: [ModelReference(try TinyModelFile.model())])[0]
    let whole = try #require(try provider.codec() as? TinyCodec)
    let image = Self.picture(151, 93)
    let expected = try whole.encode(image, at: .value(0.7))
    let picture = try whole.decode(expected.bytes)
    for coreLength in [1, 5, 20] {
      var cut = try #require(try provider.codec() as? TinyCodec)
      cut.coreLength = coreLength
      let encoded = try cut.encode(image, at: .value(0.7))
      // Sums may be rounded in another order, and then a latent to another step.
      let differences = zip(encoded.bytes.dropLast(4), expected.bytes.dropLast(4)).count {
        $0 != $1
      }
      #expect(encoded.bytes.count == expected.bytes.count && differences <= 2)
      let pieces = try cut.decode(expected.bytes)
      #expect(
        zip(pieces.samples, picture.samples).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
  }
}
