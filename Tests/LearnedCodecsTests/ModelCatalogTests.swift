import Codecs
import ContentWeightedCodec
import Files
import Foundation
import LearnedCodecs
import NeuralNetworks
import Testing

/// Folders of models, made from tiny ones.
@Suite struct ModelCatalogTests {
  private static let families = LearnedCodecFamilies([ContentWeightedCodec.self, TinyCodec.self])

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
      url = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for name in ["grey", "colour"] {
        try Folder.bytes(name).write(to: file("\(name).safetensors"))
        try Data("# \(name)\n".utf8).write(to: file("\(name).md"))
      }
      try write([try Folder.entry("grey"), try Folder.entry("colour")])
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    func write(_ entries: [String], version: Int = 1) throws {
      let list = entries.joined(separator: ",")
      let text = #"{ "format_version": \#(version), "models": [\#(list)] }"#
      try Data(text.utf8).write(to: file("models.json"))
    }

    func catalog() throws(NeuralNetworkError) -> ModelCatalog {
      try ModelCatalog(folder: url, families: ModelCatalogTests.families)
    }

    static func bytes(_ name: String) throws -> Data {
      try TinyModelFile.bytes(channels: name == "grey" ? 1 : 3)
    }

    static func entry(_ name: String) throws -> String {
      let data = try bytes(name)
      let model = try TinyModel(data, name: name)
      return """
        { "name": "\(name)", "codec": "\(model.codecID)", "bytes": \(data.count),
          "sha256": "\(hexadecimal(model.digest))",
          "configuration": "tiny-\(model.configuration.channelCount)", "training_data": "none",
          "steps": 0, "recipe": "Scripts/fixtures/content_weighted.py", "commit": null,
          "exact": false, "command": "python3 content_weighted.py",
          "curve": { "dataset": "kodak", "parameters": "entropy=cabac", "points": [
            { "quality": 0.5, "bits_per_pixel": 0.25, "psnr_db": 20, "ms_ssim": 0.75 },
            { "quality": null, "bits_per_pixel": 1, "psnr_db": 30.5, "ms_ssim": 0.875 } ] } }
        """
    }
  }

  @Test func readsTheManifest() throws {
    let catalog = try Folder.with { try $0.catalog() }
    let entry = try #require(catalog.manifest.entries.first)
    let model = try TinyModelFile.model(channels: 1)
    #expect(catalog.manifest.entries.map(\.name) == ["grey", "colour"])
    #expect(entry.codec == "tiny" && entry.digest == model.digest)
    #expect(entry.identifier == model.name)
    #expect(entry.curve.points.map(\.quality) == [0.5, nil])
    #expect(entry.curve.points.map(\.bitsPerPixel) == [0.25, 1])
  }

  @Test(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
  func weightsAreReadOnlyWhenNeeded() throws {
    try Folder.with { folder in
      let provider = TinyCodec.providers(models: try folder.catalog().models)[0]
      try FileManager.default.removeItem(at: folder.file("colour.safetensors"))
      _ = try provider.codec()
      let model = try TinyModelFile.model(channels: 3).name
      let error = #expect(throws: CodecError.self) { try provider.codec(["model": model]) }
      #expect(error?.kind == .unavailable)
      #expect(error?.message.contains("colour.safetensors") == true)
    }
  }

  @Test func otherWeightsThanTheManifestSaysAreNotUsed() throws {
    try Folder.with { folder in
      try Folder.bytes("colour").write(to: folder.file("grey.safetensors"))
      let models = try folder.catalog().models
      let error = #expect(throws: CodecError.self) {
        try TinyCodec.providers(models: models)[0].codec()
      }
      #expect(error?.message.contains("rdbench models verify") == true)
    }
  }

  @Test func aModelThatIsGivenTwiceIsListedOnce() throws {
    let model = ModelReference(try TinyModelFile.model(channels: 3))
    let catalog = try Folder.with { try $0.catalog() }
    let provider = TinyCodec.providers(models: [model] + catalog.models)[0]
    let other = try TinyModelFile.model(channels: 1).name
    #expect(
      provider.parameters.first { $0.name == "model" }?.valuesSummary == "\(model.name)|\(other)")
  }

  @Test func verificationFindsNothingInWholeFolders() throws {
    let verdicts = try Folder.with { try $0.catalog().verify() }
    #expect(verdicts.map(\.name) == ["grey", "colour"])
    #expect(verdicts.map(\.problems) == [[], []])
  }

  /// The problems of one model after some damage.
  private func problems(_ damage: (Folder) throws -> Void) throws -> String {
    let verdicts = try Folder.with { folder in
      try damage(folder)
      return try folder.catalog().verify()
    }
    #expect(verdicts.filter { !$0.isIntact }.count == 1)
    return verdicts.flatMap(\.problems).joined(separator: "; ")
  }

  @Test func verificationNamesWhatIsWrong() throws {
    #expect(
      try problems { try FileManager.default.removeItem(at: $0.file("grey.safetensors")) }
        == "grey.safetensors cannot be read")
    #expect(
      try problems { try FileManager.default.removeItem(at: $0.file("colour.md")) }
        == "the model card colour.md is missing")
    let flipped = try problems { folder in
      var data = try Data(contentsOf: folder.file("grey.safetensors"))
      data[data.count - 1] ^= 1
      try data.write(to: folder.file("grey.safetensors"))
    }
    #expect(flipped.hasPrefix("its SHA-256 is") && !flipped.contains("bytes"))
    let size = try Folder.bytes("grey").count
    let cut = try problems { folder in
      let data = try Data(contentsOf: folder.file("grey.safetensors"))
      try data.dropLast(7).write(to: folder.file("grey.safetensors"))
    }
    #expect(
      cut.contains("it has \(size - 7) bytes, not \(size)") && cut.contains("no valid safetensors"))
    #expect(
      try problems { folder in
        try FileManager.default.copyItem(
          at: folder.file("colour.safetensors"), to: folder.file("extra.safetensors"))
      } == "it has no entry in models.json")
    let renamed = try problems { folder in
      let entry = try Folder.entry("grey")
        .replacing(#""configuration": ""#, with: #""configuration": "not-"#)
      try folder.write([entry, try Folder.entry("colour")])
    }
    #expect(renamed == "its configuration is tiny-1, not not-tiny-1")
    let other = try problems { folder in
      let entry = try Folder.entry("grey").replacing(#""codec": "tiny""#, with: #""codec": "cw""#)
      try folder.write([entry, try Folder.entry("colour")])
    }
    #expect(other.contains("the kind tiny is not content_weighted"))
  }

  /// Both codecs of a family read the same kind of model, of which each is for one of them.
  @Test func verificationTellsTheCodecsOfAFamilyApart() throws {
    try Folder.with { folder in
      let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../ContentWeightedCodecTests/Fixtures/lambda.safetensors")
      let data = try Data(contentsOf: fixture)
      try data.write(to: folder.file("lambda.safetensors"))
      try Data("# lambda\n".utf8).write(to: folder.file("lambda.md"))
      let digest = hexadecimal(try ModelFile(data, name: "lambda").digest)
      let grey = try Folder.entry("grey")
      let entry = grey.replacing(#""name": "grey""#, with: #""name": "lambda""#)
        .replacing(#""codec": "tiny""#, with: #""codec": "cw-no-importance""#)
        .replacing("\(try Folder.bytes("grey").count)", with: "\(data.count)")
        .replacing(hexadecimal(try TinyModelFile.model(channels: 1).digest), with: digest)
        .replacing(#""configuration": "tiny-1""#, with: #""configuration": "lambda""#)
      try folder.write([entry, grey, try Folder.entry("colour")])
      #expect(
        try folder.catalog().verify().flatMap(\.problems)
          == ["it is a model of cw, not of cw-no-importance"])
    }
  }

  @Test func foldersThatCannotBeListedAreNoWholeOnes() throws {
    try Folder.with { folder in
      let catalog = try folder.catalog()
      try FileManager.default.removeItem(at: folder.url)
      let error = #expect(throws: NeuralNetworkError.self) { try catalog.verify() }
      #expect(error?.kind == .inaccessibleFile)
      #expect(error?.message == "\(folder.url.path) cannot be listed")
    }
  }

  @Test(
    arguments: [
      (#""bytes""#, #""byte""#, "bytes is missing"),
      (#""steps": 0"#, #""steps": 0, "more": 1"#, "unknown keys more"),
      (#""steps": 0"#, #""steps": -1"#, "steps is no whole number"),
      (#""name": "grey""#, #""name": "../grey""#, "characters other than"),
      (
        #""codec": "tiny""#, #""codec": "jpeg""#,
        #"the codec jpeg is not one of ["cw", "cw-no-importance", "tiny"]"#
      ),
      (#""sha256": ""#, #""sha256": "0"#, "sha256 is not 64"),
      (#""commit": null"#, #""commit": "abc""#, "commit is neither null nor 40"),
      (#""exact": false"#, #""exact": true"#, "exact is true although the commit is not known"),
      (#""recipe": "#, #""recipes": "#, "recipe is missing"),
      (#""psnr_db": 20"#, #""psnr_db": "20""#, "psnr_db is no number"),
      (#""name": "grey""#, #""name": "colour""#, "same name"),
    ])
  func manifestsAreReadStrictly(text: String, replacement: String, reason: String) throws {
    try Folder.with { folder in
      let entry = try Folder.entry("grey")
      #expect(entry.contains(text))
      try folder.write([entry.replacing(text, with: replacement), try Folder.entry("colour")])
      let error = #expect(throws: NeuralNetworkError.self) { try folder.catalog() }
      #expect(error?.kind == .malformedFile)
      #expect(error?.message.contains(reason) == true)
    }
  }

  @Test func foldersWithoutAManifestAndOtherVersionsAreRefused() throws {
    try Folder.with { folder in
      func error() -> NeuralNetworkError? {
        #expect(throws: NeuralNetworkError.self) { try folder.catalog() }
      }
      try folder.write([], version: 2)
      #expect(error()?.kind == .malformedFile)
      try FileManager.default.removeItem(at: folder.file("models.json"))
      #expect(error()?.kind == .inaccessibleFile)
    }
  }
}
