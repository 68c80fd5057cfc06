import Codecs
import Foundation
import NeuralNetworks
import Testing

@testable import ContentWeightedCodec

/// Folders of models, made from the small fixtures.
@Suite struct ModelCatalogTests {
  /// A folder of models.
  private struct Folder {
    let url: URL

    /// Runs a test with a folder of its own.
    static func with<Result>(_ body: (Folder) throws -> Result) throws -> Result {
      let folder = try Folder()
      defer { try? FileManager.default.removeItem(at: folder.url) }
      return try body(folder)
    }

    private init() throws {
      let names = ["lambda", "maps"]
      url = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for name in names {
        try FileManager.default.copyItem(at: Fixtures.url(name), to: file("\(name).safetensors"))
        try Data("# \(name)\n".utf8).write(to: file("\(name).md"))
      }
      try write(names.map { try Folder.entry($0) })
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    func write(_ entries: [String], version: Int = 1) throws {
      let list = entries.joined(separator: ",")
      let text = #"{ "format_version": \#(version), "models": [\#(list)] }"#
      try Data(text.utf8).write(to: file("models.json"))
    }

    static func entry(_ name: String) throws -> String {
      let data = try Data(contentsOf: Fixtures.url(name))
      let model = try ContentWeightedModel(data, name: name)
      return """
        { "name": "\(name)", "codec": "\(model.codecID)", "bytes": \(data.count),
          "sha256": "\(hexadecimal(model.digest))",
          "configuration": "\(model.configuration.name)", "training_data": "none", "steps": 0,
          "command": "python3 content_weighted.py",
          "curve": { "dataset": "kodak", "parameters": "entropy=cabac", "points": [
            { "quality": 0.5, "bits_per_pixel": 0.25, "psnr_db": 20, "ms_ssim": 0.75 },
            { "quality": null, "bits_per_pixel": 1, "psnr_db": 30.5, "ms_ssim": 0.875 } ] } }
        """
    }
  }

  @Test func readsTheManifest() throws {
    let catalog = try Folder.with { try ModelCatalog(folder: $0.url) }
    let entry = try #require(catalog.manifest.entries.first)
    #expect(catalog.manifest.entries.map(\.name) == ["lambda", "maps"])
    #expect(entry.codec == "cw" && catalog.manifest.entries[1].codec == "cw-no-importance")
    #expect(entry.digest == (try Fixtures.model("lambda").digest))
    #expect(entry.identifier == (try Fixtures.model("lambda").name))
    #expect(entry.curve.points.map(\.quality) == [0.5, nil])
    #expect(entry.curve.points.map(\.bitsPerPixel) == [0.25, 1])
  }

  @Test func twoFilesAndAnEntryMakeACodec() throws {
    try Folder.with { folder in
      let providers = ContentWeightedCodec.providers(
        knownModels: try ModelCatalog(folder: folder.url).models)
      for (provider, name) in zip(providers, ["lambda", "maps"]) {
        let expected = try Fixtures.model(name).name
        #expect(provider.parameters.first { $0.name == "model" }?.defaultValue == expected)
        guard oneDNNIsAvailable else { continue }
        let codec = try provider.codec()
        let encoded = try codec.encode(Fixtures.picture(20, 20), at: .value(0.5))
        #expect(try codec.decode(encoded.bytes) == Fixtures.codec(name).decode(encoded.bytes))
      }
    }
  }

  @Test(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
  func weightsAreReadOnlyWhenNeeded() throws {
    try Folder.with { folder in
      let models = try ModelCatalog(folder: folder.url).models
      let providers = ContentWeightedCodec.providers(knownModels: models)
      try FileManager.default.removeItem(at: folder.file("maps.safetensors"))
      _ = try providers[0].codec()
      let error = #expect(throws: CodecError.self) { try providers[1].codec() }
      #expect(error?.kind == .unavailable)
      #expect(error?.message.contains("maps.safetensors") == true)
    }
  }

  @Test(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
  func otherWeightsThanTheManifestSaysAreNotUsed() throws {
    try Folder.with { folder in
      try FileManager.default.removeItem(at: folder.file("lambda.safetensors"))
      try FileManager.default.copyItem(
        at: Fixtures.url("appendix"), to: folder.file("lambda.safetensors"))
      let models = try ModelCatalog(folder: folder.url).models
      let error = #expect(throws: CodecError.self) {
        try ContentWeightedCodec.providers(knownModels: models)[0].codec()
      }
      #expect(error?.message.contains("rdbench models verify") == true)
    }
  }

  @Test func aModelThatIsGivenTwiceIsListedOnce() throws {
    let model = KnownModel(try Fixtures.model("lambda"))
    let catalog = try Folder.with { try ModelCatalog(folder: $0.url) }
    let provider = ContentWeightedCodec.providers(knownModels: [model] + catalog.models)[0]
    #expect(provider.parameters.first { $0.name == "model" }?.valuesSummary == model.name)
  }

  @Test func verificationFindsNothingInWholeFolders() throws {
    let verdicts = try Folder.with { try ModelCatalog(folder: $0.url).verify() }
    #expect(verdicts.map(\.name) == ["lambda", "maps"])
    #expect(verdicts.map(\.problems) == [[], []])
  }

  /// The problems of the first model after some damage.
  private func problems(_ damage: (Folder) throws -> Void) throws -> String {
    let verdicts = try Folder.with { folder in
      try damage(folder)
      return try ModelCatalog(folder: folder.url).verify()
    }
    #expect(verdicts.filter { !$0.isIntact }.count == 1)
    return verdicts.flatMap(\.problems).joined(separator: "; ")
  }

  @Test func verificationNamesWhatIsWrong() throws {
    #expect(
      try problems { try FileManager.default.removeItem(at: $0.file("lambda.safetensors")) }
        == "lambda.safetensors cannot be read")
    #expect(
      try problems { try FileManager.default.removeItem(at: $0.file("maps.md")) }
        == "the model card maps.md is missing")
    let flipped = try problems { folder in
      var data = try Data(contentsOf: folder.file("lambda.safetensors"))
      data[data.count - 1] ^= 1
      try data.write(to: folder.file("lambda.safetensors"))
    }
    #expect(flipped.hasPrefix("its SHA-256 is") && !flipped.contains("bytes"))
    let cut = try problems { folder in
      let data = try Data(contentsOf: folder.file("lambda.safetensors"))
      try data.dropLast(7).write(to: folder.file("lambda.safetensors"))
    }
    #expect(cut.contains("it has 48765 bytes, not 48772") && cut.contains("no valid safetensors"))
    #expect(
      try problems { folder in
        try FileManager.default.copyItem(
          at: folder.file("maps.safetensors"), to: folder.file("extra.safetensors"))
      } == "it has no entry in models.json")
    let other = try problems { folder in
      let entry = try Folder.entry("lambda")
        .replacing(#""codec": "cw""#, with: #""codec": "cw-no-importance""#)
        .replacing(#""configuration": ""#, with: #""configuration": "not-"#)
      try folder.write([entry, try Folder.entry("maps")])
    }
    #expect(other.contains("its configuration is") && other.contains("it is a model of cw, not of"))
  }

  @Test(
    arguments: [
      (#""bytes""#, #""byte""#, "bytes is missing"),
      (#""steps": 0"#, #""steps": 0, "more": 1"#, "unknown keys more"),
      (#""steps": 0"#, #""steps": -1"#, "steps is no whole number"),
      (#""name": "lambda""#, #""name": "../lambda""#, "characters other than"),
      (#""codec": "cw""#, #""codec": "jpeg""#, "the codec jpeg"),
      (#""sha256": ""#, #""sha256": "0"#, "sha256 is not 64"),
      (#""psnr_db": 20"#, #""psnr_db": "20""#, "psnr_db is no number"),
      (#""name": "lambda""#, #""name": "maps""#, "same name"),
    ])
  func manifestsAreReadStrictly(text: String, replacement: String, reason: String) throws {
    try Folder.with { folder in
      let entry = try Folder.entry("lambda")
      #expect(entry.contains(text))
      try folder.write([entry.replacing(text, with: replacement), try Folder.entry("maps")])
      let error = #expect(throws: NeuralNetworkError.self) { try ModelCatalog(folder: folder.url) }
      #expect(error?.kind == .malformedFile)
      #expect(error?.message.contains(reason) == true)
    }
  }

  @Test func foldersWithoutAManifestAndOtherVersionsAreRefused() throws {
    try Folder.with { folder in
      func error() -> NeuralNetworkError? {
        #expect(throws: NeuralNetworkError.self) { try ModelCatalog(folder: folder.url) }
      }
      try folder.write([], version: 2)
      #expect(error()?.kind == .malformedFile)
      try FileManager.default.removeItem(at: folder.file("models.json"))
      #expect(error()?.kind == .inaccessibleFile)
    }
  }
}
