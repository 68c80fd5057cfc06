import TestSupport
import Foundation
import Testing

/// Outside codecs on the command line, with a recipe that copies the picture file.
@Suite struct RecipeTests {
  private static let copy = """
    {
      "schema": 1, "name": "recipe-copy", "title": "Copy", "summary": "copies the picture file",
      "library": "cp", "extension": "bin", "input_format": "ppm", "output_format": "ppm",
      "version": { "command": ["echo", "version 7"], "pattern": "version ([0-9]+)" },
      "encode": { "command": ["cp", "{input}", "{output}"] },
      "decode": { "command": ["cp", "{input}", "{output}"] }
    }
    """

  private func folder(recipe: String = copy) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Array(recipe.utf8), to: "copy.json")
    try folder.write(Pictures.rgb(width: 20, height: 16), to: "set/a.ppm")
    return folder
  }

  @Test func `a run measures an outside codec beside a built-in one`() throws {
    let folder = try folder()
    let outcome = try Program.run(
      [
        "run", "--recipe", "copy.json", "--dataset", "set", "--codecs", "raw,recipe-copy",
        "--metrics", "mse",
      ], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = try #require(folder.text("results.csv")).split(separator: "\n").dropFirst()
    #expect(rows.count == 2)
    let row = try #require(rows.last)
    #expect(row.contains(",recipe-copy,cp 7,") && row.contains(",ok,"))
  }

  @Test func `all leaves outside codecs out`() throws {
    let folder = try folder()
    let outcome = try Program.run(
      ["run", "--recipe", "copy.json", "--dataset", "set", "--codecs", "all", "--metrics", "mse"],
      in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(folder.text("results.csv")?.contains("recipe-") == false)
    #expect(!outcome.errors.contains("recipe-"))
  }

  @Test func `one picture is coded, and decoded when the codec is named`() throws {
    let folder = try folder()
    let recipe = ["--recipe", "copy.json", "--codec", "recipe-copy"]
    #expect(
      try Program.run(["encode"] + recipe + ["set/a.ppm", "a.bin"], in: folder.path).exitCode == 0)
    #expect(folder.bytes("a.bin") == folder.bytes("set/a.ppm"))
    #expect(
      try Program.run(["decode"] + recipe + ["a.bin", "a.ppm"], in: folder.path).exitCode == 0)
    #expect(folder.bytes("a.ppm") == folder.bytes("set/a.ppm"))
  }

  @Test func `the codecs that are listed include the recipe's`() throws {
    let folder = try folder()
    let outcome = try Program.run(["codecs", "--recipe", "copy.json"], in: folder.path)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("recipe-copy  copies the picture file\n  library    cp 7\n"))
  }

  @Test(arguments: [
    ("\"gray\": 3, \"schema\": 1", "gray: a value of type Bool is needed"),
    ("\"schema\": 4", "schema: it is 4 and this program reads 1"),
  ])
  func `a wrong recipe is one sentence with file and key`(change: String, message: String) throws {
    let folder = try folder(recipe: Self.copy.replacing("\"schema\": 1", with: change))
    let outcome = try Program.run(["codecs", "--recipe", "copy.json"], in: folder.path)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors == "rdbench: the recipe copy.json is not valid: \(message)\n")
  }

  @Test func `a name that is taken and a file that is missing are refused`() throws {
    let folder = try folder(recipe: Self.copy.replacing("recipe-copy", with: "recipe-cjpeg"))
    let taken = try Program.run(["codecs", "--recipe", "copy.json"], in: folder.path)
    #expect(taken.exitCode == 2)
    #expect(
      taken.errors
        == "rdbench: --recipe copy.json: there is a recipe-cjpeg already; give it another name\n")
    let missing = try Program.run(["codecs", "--recipe", "none.json"], in: folder.path)
    #expect(missing.exitCode == 2 && missing.errors.contains("none.json cannot be read"))
  }

  @Test func `a missing program is said when the codec is asked for`() throws {
    let folder = try folder(recipe: Self.copy.replacing("\"cp\", \"{in", with: "\"no-cp\", \"{in"))
    let outcome = try Program.run(
      ["run", "--recipe", "copy.json", "--dataset", "set", "--codecs", "recipe-copy"],
      in: folder.path)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("the program no-cp is not installed"))
  }
}
