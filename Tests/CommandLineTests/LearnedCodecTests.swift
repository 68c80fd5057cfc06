import TestSupport

#if Neural
  import Foundation
  import Testing

  /// The learned codecs on the command line, with a small model of random weights.
  @Suite struct LearnedCodecTests {
    private let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../ContentWeightedCodecTests/Fixtures/lambda.safetensors").path

    @Test func `a picture goes through encode, inspect and decode`() throws {
      let folder = try TemporaryFolder()
      try folder.write(Pictures.rgb(width: 37, height: 21), to: "a.ppm")
      let encoded = try Program.run(
        ["encode", "--codec", "cw", "--model", model, "--quality", "0.5", "a.ppm", "a.cw"],
        in: folder.path)
      #expect(encoded.exitCode == 0, "\(encoded.errors)")

      let inspected = try Program.run(["inspect", "--json", "a.cw"], in: folder.path)
      #expect(inspected.exitCode == 0, "\(inspected.errors)")
      let fields = try #require(
        JSONSerialization.jsonObject(with: Data(inspected.output.utf8)) as? [String: Any])
      #expect(fields["codec"] as? String == "cw")
      #expect(fields["width"] as? Int == 37)
      let sizes = ["header_bytes", "importance_map_bytes", "codes_bytes"]
        .compactMap { fields[$0] as? Int }
      #expect(sizes.reduce(0, +) == folder.bytes("a.cw")?.count)

      let text = try Program.run(
        ["inspect", "--model", model, "--importance-map", "map.ppm", "a.cw"], in: folder.path)
      #expect(text.exitCode == 0, "\(text.errors)")
      #expect(text.output.contains("37×21 pixels, RGB"))
      #expect(folder.bytes("map.ppm")?.starts(with: Data("P6\n37 53\n".utf8)) == true)

      let decoded = try Program.run(["decode", "--model", model, "a.cw", "b.png"], in: folder.path)
      #expect(decoded.exitCode == 0, "\(decoded.errors)")
      #expect(decoded.output.contains("37×21 pixels, decoded by cw"))
    }

    @Test func `kept pictures include the importance map`() throws {
      let folder = try TemporaryFolder()
      try folder.write(Pictures.rgb(width: 37, height: 21), to: "set/a.ppm")
      let outcome = try Program.run(
        [
          "run", "--dataset", "set", "--codecs", "cw", "--model", model, "--qualities", "0.5",
          "--keep-images",
        ], in: folder.path)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      let files = try FileManager.default.contentsOfDirectory(
        atPath: "\(folder.path)/images/set/a.ppm")
      #expect(files.count == 3)
      #expect(files.contains("original.png"))
      #expect(files.contains { $0.hasPrefix("cw@0.5@") && $0.hasSuffix("@importance-map.png") })
    }

    @Test func `a file without its weights says what it lacks`() throws {
      let folder = try TemporaryFolder()
      try folder.write(Pictures.rgb(width: 9, height: 9), to: "a.ppm")
      _ = try Program.run(
        ["encode", "--codec", "cw", "--model", model, "--quality", "0.5", "a.ppm", "a.cw"],
        in: folder.path)
      let decoded = try Program.run(["decode", "a.cw", "b.png"], in: folder.path)
      #expect(decoded.exitCode == 2)
      #expect(decoded.errors.contains("--model"))
    }

    @Test func `a file that is no model is refused by name`() throws {
      let folder = try TemporaryFolder()
      try folder.write(Pictures.rgb(width: 9, height: 9), to: "a.ppm")
      let outcome = try Program.run(["codecs", "--model", "a.ppm"], in: folder.path)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains("a.ppm"))
    }

    @Test func `codecs without weights are left out of all with a note`() throws {
      let outcome = try Program.run(["codecs"])
      #expect(outcome.exitCode == 0)
      #expect(outcome.errors.contains("cw is left out"))
      #expect(!outcome.output.contains("cw-no-importance"))
      let complete = try Program.run(["codecs", "--model", model])
      #expect(complete.output.contains("cw  content-weighted"))
    }
  }
#endif
