import Codecs
import Imaging
import NeuralNetworks
import TestSupport
import Testing

@testable import ContentWeightedCodec
@testable import LearnedCodecs

@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct ContentWeightedCodecTests {
  @Test(
    arguments: Fixtures.modelNames,
    [(1, 1), (1, 17), (17, 1), (8, 8), (9, 7), (64, 48), (65, 47)])
  func roundTripsKeepSizeAndColorModel(name: String, size: (width: Int, height: Int)) throws {
    let codec = try Fixtures.codec(name)
    for colorModel in Image.ColorModel.allCases {
      let image = Fixtures.picture(size.width, size.height, colorModel)
      let encoded = try codec.encode(image, at: Fixtures.quality(name))
      let header = try #require(encoded.sections[.header])
      #expect(header <= 24)
      let decoded = try codec.decode(encoded.bytes)
      #expect((decoded.width, decoded.height) == size)
      #expect(decoded.colorModel == colorModel)
    }
  }

  @Test(arguments: Fixtures.modelNames)
  func codersGiveTheSamePicture(name: String) throws {
    let image = Fixtures.picture(100, 60)
    let quality = Fixtures.quality(name)
    let reference = try Fixtures.codec(name).encode(image, at: quality)
    let picture = try Fixtures.codec(name).decode(reference.bytes)
    for id in try Fixtures.coders(name) {
      let codec = try Fixtures.codec(name, ["entropy": id.word])
      #expect(try codec.decode(try codec.encode(image, at: quality).bytes) == picture)
    }
  }

  @Test(arguments: Fixtures.modelNames)
  func convolutionalIsTheDefaultWhereTheModelHasItsProbabilities(name: String) throws {
    let codec = try Fixtures.codec(name)
    let hasEntropy = try Fixtures.model(name).entropy != nil
    #expect(codec.descriptor.parameters["entropy"] == (hasEntropy ? "convolutional" : "cabac"))
    guard !hasEntropy else { return }
    expectFailure(.invalidParameter) {
      _ = try Fixtures.codec(name, ["entropy": "convolutional"])
    }
  }

  @Test func costsOfBitsHaveASayWhereTheModelHasTablesForIt() throws {
    let image = Fixtures.picture(100, 60)
    let decided = try Fixtures.codec("appendix")
    #expect(decided.descriptor.parameters["rdoq"] == "true")
    let signs = try Fixtures.codec("appendix", ["rdoq": "false"])
    let latents = try [decided, signs].map {
      try $0.read($0.encode(image, at: .fixed).bytes).latent(for: $0.model)
    }
    #expect(latents[0].levels == latents[1].levels)
    #expect(latents[0].bits != latents[1].bits)

    #expect(try Fixtures.codec("lambda").descriptor.parameters["rdoq"] == "false")
    expectFailure(.invalidParameter) { _ = try Fixtures.codec("lambda", ["rdoq": "true"]) }
  }

  @Test(arguments: Fixtures.modelNames)
  func threadsDoNotChangeTheBits(name: String) throws {
    let image = Fixtures.picture(150, 120)
    let quality = Fixtures.quality(name)
    let one = try Fixtures.codec(name)
    let many = try Fixtures.codec(name, ["threads": "4"])
    let encoded = try one.encode(image, at: quality)
    #expect(try many.encode(image, at: quality).bytes == encoded.bytes)
    #expect(greatestDifference(try one.decode(encoded.bytes), try many.decode(encoded.bytes)) <= 1)
  }

  @Test func callsFromSeveralTasksAtOnceAgree() async throws {
    let codec = try Fixtures.codec("lambda")
    let image = Fixtures.picture(90, 70)
    let expected = try codec.encode(image, at: .value(0.4))
    try await withThrowingTaskGroup(of: EncodedImage.self) { group in
      for _ in 0..<8 { group.addTask { try codec.encode(image, at: .value(0.4)) } }
      for try await encoded in group { #expect(encoded == expected) }
    }
  }

  @Test func qualityScalesFollowTheModel() throws {
    #expect(try Fixtures.codec("lambda").descriptor.qualityScale?.range == 0...1)
    #expect(try Fixtures.codec("maps").descriptor.qualityScale?.range == 0...1)
    #expect(try Fixtures.codec("appendix").descriptor.qualityScale == nil)
    let rate = try Fixtures.codec("lambda", ["mode": "rate"]).descriptor.qualityScale
    #expect(rate?.unit == "bits per pixel")
    #expect(throws: CodecError.self) {
      try Fixtures.codec("lambda").encode(Fixtures.picture(8, 8), at: .value(1.5))
    }
    #expect(throws: CodecError.self) {
      try Fixtures.codec("lambda", ["mode": "rate", "importance-scale": "0.5"])
    }
  }

  @Test func moreMapsCostMoreBytes() throws {
    let codec = try Fixtures.codec("maps", ["entropy": "none"])
    let image = Fixtures.picture(64, 64)
    var sizes: [Int] = []
    for count in 1...12 {
      let encoded = try codec.encode(image, at: .value(Double(count) / 12))
      sizes.append(try #require(encoded.sections[.codes]))
      #expect(encoded.sections[.importanceMap] == 0)
    }
    #expect(sizes == (1...12).map { 8 * $0 })
  }

  @Test func importanceScaleShrinksTheCodes() throws {
    let image = Fixtures.picture(96, 96)
    let sizes = try ["0", "0.5", "0.93", "1"].map {
      try Fixtures.codec("lambda", ["importance-scale": $0, "entropy": "none"])
        .encode(image, at: .value(0.6)).sections[.codes] ?? -1
    }
    #expect(sizes == sizes.sorted())
    #expect(sizes[0] == 0)
    #expect(sizes[1] < sizes[3])
  }

  @Test(arguments: [0.03, 0.045, 0.06])
  func targetRatesAreMetWithinTwoPerCent(bitsPerPixel: Double) throws {
    let image = Fixtures.picture(320, 256)
    // The random networks of this model need more bits for the importance map alone, and with bits
    // that random costs decide the rate jumps.
    let codec = try Fixtures.codec(
      "appendix", ["mode": "rate", "entropy": "cabac", "rdoq": "false"])
    let encoded = try codec.encode(image, at: .value(bitsPerPixel))
    let reached = 8 * Double(encoded.bytes.count) / Double(image.pixelCount)
    #expect(abs(reached / bitsPerPixel - 1) <= 0.02)
    #expect(try codec.decode(encoded.bytes).width == 320)
  }

  /// The untrained `lambda` model says 1 for half of a picture, so its rate jumps: a target is met,
  /// or the error names the nearest rate.
  @Test func targetRatesOfAConditionedModelAreMetOrRefused() throws {
    let image = Fixtures.picture(160, 128)
    let codec = try Fixtures.codec("lambda", ["mode": "rate"])
    var metCount = 0
    for bitsPerPixel in stride(from: 0.03, through: 0.15, by: 0.03) {
      do throws(CodecError) {
        let encoded = try codec.encode(image, at: .value(bitsPerPixel))
        let reached = 8 * Double(encoded.bytes.count) / Double(image.pixelCount)
        #expect(abs(reached / bitsPerPixel - 1) <= 0.02)
        metCount += 1
      } catch {
        #expect(error.kind == .encodingFailed && error.message.contains("nearest rate"))
      }
    }
    #expect(metCount > 0)
  }

  @Test func rateThatCannotBeMetIsAnError() throws {
    let codec = try Fixtures.codec("lambda", ["mode": "rate"])
    #expect {
      try codec.encode(Fixtures.picture(16, 16), at: .value(0.01))
    } throws: { error in
      let error = error as? CodecError
      return error?.kind == .encodingFailed && error?.message.contains("nearest rate") == true
    }
  }

  private func expectFailure(
    _ kind: CodecError.Kind, _ body: () throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) { try body() } throws: { error in
      (error as? CodecError)?.kind == kind
    }
  }

  @Test func filesOfOtherModelsAndCodecsAreRefused() throws {
    let image = Fixtures.picture(24, 24)
    let lambda = try Fixtures.codec("lambda").encode(image, at: .value(0.5))
    let maps = try Fixtures.codec("maps").encode(image, at: .value(0.5))
    expectFailure(.unavailable) { _ = try Fixtures.codec("appendix").decode(lambda.bytes) }
    expectFailure(.corruptData) { _ = try Fixtures.codec("lambda").decode(maps.bytes) }
    expectFailure(.limitExceeded) {
      _ = try Fixtures.codec("lambda", maximumPixelCount: 24 * 24 - 1).decode(lambda.bytes)
    }
  }

  @Test func anyKnownModelDecodes() throws {
    let models = [try Fixtures.model("appendix"), try Fixtures.model("lambda")]
    let provider = ContentWeightedCodec.providers(models: models.map { ModelReference($0) })[0]
    let encoded = try Fixtures.codec("lambda").encode(Fixtures.picture(24, 24), at: .value(0.5))
    #expect(provider.recognizes(encoded.bytes))
    let codec = try provider.codec()
    #expect(codec.descriptor.parameters["model"] == models[0].name)
    #expect(try codec.decode(encoded.bytes) == Fixtures.codec("lambda").decode(encoded.bytes))
  }

  @Test func codecsWithoutWeightsSayWhatTheyLack() {
    for provider in ContentWeightedCodec.providers(models: []) {
      expectFailure(.unavailable) { _ = try provider.codec() }
    }
  }

  /// The defaults of `entropy` and `rdoq` follow the first model: where that cannot be read, no codec
  /// is made with other ones.
  @Test func defaultModelsThatCannotBeReadGiveNoOtherDefaults() throws {
    let damaged = ModelReference(digest: [UInt8](repeating: 0, count: 32), codec: "cw") {
      () throws(NeuralNetworkError) in
      throw NeuralNetworkError(.inaccessibleFile, "first.safetensors cannot be read")
    }
    let whole = ModelReference(try Fixtures.model("appendix"))
    let provider = ContentWeightedCodec.providers(models: [damaged, whole])[0]
    let error = #expect(throws: CodecError.self) { try provider.codec(["model": whole.name]) }
    #expect(error?.kind == .unavailable)
    #expect(error?.message == "first.safetensors cannot be read")
    #expect(throws: Never.self) {
      try ContentWeightedCodec.providers(models: [whole, damaged])[0].codec()
    }
  }

  @Test(arguments: Fixtures.modelNames)
  func everyTruncationIsRefused(name: String) throws {
    for id in try Fixtures.coders(name) {
      let codec = try Fixtures.codec(name, ["entropy": id.word])
      let bytes = try codec.encode(Fixtures.picture(70, 53), at: Fixtures.quality(name)).bytes
      for length in bytes.indices {
        expectFailure(.corruptData) {
          _ = try codec.decode(Array(bytes.prefix(length)))
        }
      }
    }
  }

  /// Damage behind a checksum that was made good again, so that it reaches the decoders.
  @Test(arguments: Fixtures.modelNames)
  func mutatedFilesThrowOrDecode(name: String) throws {
    for id in try Fixtures.coders(name) {
      let codec = try Fixtures.codec(name, ["entropy": id.word], maximumPixelCount: 4_096)
      let bytes = try codec.encode(Fixtures.picture(24, 16), at: Fixtures.quality(name)).bytes
      var generator = SeededGenerator(seed: 9)
      for _ in 0..<334 {
        var mutated = Mutation.random(using: &generator).applied(to: bytes, using: &generator)
        if mutated.count >= 4, Bool.random(using: &generator) {
          let checksum = crc32(mutated.dropLast(4))
          for index in 0..<4 {
            mutated[mutated.count - 4 + index] = UInt8(
              truncatingIfNeeded: checksum >> UInt32(8 * index))
          }
        }
        do throws(CodecError) {
          let image = try codec.decode(mutated)
          #expect(image.pixelCount <= 4_096)
        } catch {
          #expect(
            [.corruptData, .limitExceeded, .unavailable].contains(error.kind), "\(error.message)")
        }
      }
    }
  }

  @Test func importanceMapPictureShowsTheLevels() throws {
    let codec = try Fixtures.codec("lambda")
    let encoded = try codec.encode(Fixtures.picture(97, 50), at: .value(0.8))
    let picture = try codec.importanceMapPicture(encoded.bytes)
    #expect((picture.width, picture.height) == (97, 50 + 32))
    let container = try codec.read(encoded.bytes)
    let levels = try container.levels(for: codec.model)
    // Blocks of equal level have equal colours, of different level different ones.
    var colors: [UInt8: [UInt8]] = [:]
    for (position, level) in levels.enumerated() {
      let (row, column) = position.quotientAndRemainder(dividingBy: 13)
      let start = 3 * (8 * row * 97 + 8 * column)
      let color = Array(picture.samples[start..<start + 3])
      #expect(colors.updateValue(color, forKey: level) ?? color == color)
    }
    #expect(Set(colors.values).count == colors.count)
    #expect(throws: CodecError.self) {
      let baseline = try Fixtures.codec("maps")
      let encoded = try baseline.encode(Fixtures.picture(8, 8), at: .value(1))
      _ = try baseline.importanceMapPicture(encoded.bytes)
    }
  }
}

/// One way to damage a file.
private enum Mutation: CaseIterable {
  case flip, cut, lengthen, overwrite, remove, repeatRange

  static func random(using generator: inout SeededGenerator) -> Mutation {
    allCases[Int.random(in: 0..<allCases.count, using: &generator)]
  }

  func applied(to bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    let index = Int.random(in: 0..<bytes.count, using: &generator)
    let end = min(bytes.count, index + Int.random(in: 1...8, using: &generator))
    switch self {
    case .flip:
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let target = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[target] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
    case .cut: bytes.removeSubrange(index...)
    case .lengthen: bytes += (0..<8).map { _ in .random(in: 0...255, using: &generator) }
    case .overwrite:
      for target in index..<end { bytes[target] = .random(in: 0...255, using: &generator) }
    case .remove: bytes.removeSubrange(index..<end)
    case .repeatRange: bytes.insert(contentsOf: bytes[index..<end], at: index)
    }
    return bytes
  }
}
