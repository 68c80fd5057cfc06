import TestSupport

#if Neural
  import Foundation
  import Testing

  /// `rdbench models`, and the models that a folder gives to all commands.
  @Suite struct ModelsTests {
    private let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../ContentWeightedCodecTests/Fixtures/lambda.safetensors")

    /// A folder `models` with one model, as one would add it to those that are shipped.
    private func folderWithModel() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write([UInt8](try Data(contentsOf: fixture)), to: "models/tiny.safetensors")
      try folder.write(Array("# tiny\n".utf8), to: "models/tiny.md")
      let manifest = """
        { "format_version": 1, "models": [ {
            "name": "tiny", "codec": "cw", "bytes": 48772,
            "sha256": "edf9a8effa01bb2ae81c9c15d668cfc82429aece7dcc64c38c8ad829c8d2cc94",
            "configuration": "lambda", "training_data": "nothing", "steps": 0,
            "recipe": "Scripts/fixtures/content_weighted.py", "commit": null, "exact": false,
            "command": "python3 content_weighted.py",
            "curve": { "dataset": "kodak", "parameters": "entropy=cabac", "points": [
              { "quality": 0, "bits_per_pixel": 0.125, "psnr_db": 20, "ms_ssim": 0.5 } ] } } ] }
        """
      try folder.write(Array(manifest.utf8), to: "models/models.json")
      return folder
    }

    private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Program.Outcome {
      try Program.run(arguments, in: folder.path, variables: ["RDBENCH_MODELS": "models"])
    }

    @Test func `the models of this build are whole`() throws {
      // An empty value stands for the folder beside the program.
      let shipped = ["RDBENCH_MODELS": ""]
      let verified = try Program.run(["models", "verify"], variables: shipped)
      #expect(verified.exitCode == 0, "\(verified.output)")
      let listed = try Program.run(["models", "--json"], variables: shipped)
      #expect(listed.exitCode == 0 && listed.output.hasPrefix("["))
    }

    @Test func `two files and an entry are a new model`() throws {
      let folder = try folderWithModel()
      let listed = try run(["models"], in: folder)
      #expect(listed.exitCode == 0, "\(listed.errors)")
      #expect(listed.output.contains("tiny  cw     edf9a8ef  0.0      0  0.125…0.125 on kodak"))
      let entries = try run(["models", "list", "--json"], in: folder)
      #expect(entries.output.contains(#""bits_per_pixel" : 0.125"#))

      let codecs = try run(["codecs"], in: folder)
      #expect(codecs.output.contains("cw  content-weighted"))
      #expect(codecs.errors.contains("cw-no-importance is left out"))

      try folder.write(Pictures.rgb(width: 21, height: 13), to: "pictures/a.ppm")
      let swept = try run(
        ["run", "--dataset", "pictures", "--codecs", "all", "--qualities", "cw:0.5"], in: folder)
      #expect(swept.exitCode == 0, "\(swept.errors)")
      #expect(folder.text("results.csv")?.contains("model=edf9a8ef") == true)
    }

    @Test func `verify tells whole models from damaged ones`() throws {
      let folder = try folderWithModel()
      let whole = try run(["models", "verify"], in: folder)
      #expect(whole.exitCode == 0 && whole.output == "tiny ok\n", "\(whole.output)")
      var bytes = try #require(folder.bytes("models/tiny.safetensors"))
      bytes[bytes.count - 2] ^= 0x40
      try folder.write(bytes, to: "models/tiny.safetensors")
      let damaged = try run(["models", "verify"], in: folder)
      #expect(damaged.exitCode == 1)
      #expect(damaged.output.hasPrefix("tiny damaged: its SHA-256 is "))
      let json = try run(["models", "verify", "--json"], in: folder)
      #expect(json.exitCode == 1 && json.output.contains(#""verdict" : "damaged""#))
      let codecs = try run(["codecs"], in: folder)
      #expect(codecs.exitCode == 0 && codecs.errors.contains("rdbench models verify"))
    }

    @Test func `a folder without a manifest is refused by name`() throws {
      let outcome = try Program.run(
        ["codecs"], variables: ["RDBENCH_MODELS": "/nowhere/models"])
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains("/nowhere/models: models.json cannot be read"))
    }
  }
#endif
