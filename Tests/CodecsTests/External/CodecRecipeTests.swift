import TestSupport
import Codecs
import Foundation
import Testing

@Suite struct CodecRecipeTests {
  private func refusal(_ data: Data) -> String? {
    #expect(throws: RecipeError.self) {
      try CodecRecipe(data: data, fileName: "my.json", folder: nil)
    }?.message
  }

  @Test func `a minimal recipe is read`() throws {
    let recipe = try CodecRecipe(data: TestRecipe.data(), fileName: "my.json", folder: nil)
    #expect(recipe.name == "recipe-copy" && recipe.fileExtension == "ppm")
    #expect(recipe.provider.isRecipe && recipe.provider.parameters.isEmpty)
    #expect(!recipe.provider.recognizes(Array("P6\n1 1\n255\nabc".utf8)))
  }

  @Test func `files beside the recipe that its commands name are its companions`() throws {
    let folder = try TemporaryFolder()
    for name in ["run.py", "fast.cfg", "other.txt"] {
      try Data("x".utf8).write(to: URL(filePath: folder.file(name)))
    }
    let command = [
      "./run.py", "{recipe_folder}/fast.cfg", "-d{recipe_folder}", "{recipe_folder}/none",
      "other.txt", "{input}", "{output}",
    ]
    let recipe = try CodecRecipe(
      data: TestRecipe.data(["encode": ["command": command]]), fileName: "my.json",
      folder: folder.file("."))
    #expect(
      recipe.companionFiles.map { URL(filePath: $0).lastPathComponent } == ["run.py", "fast.cfg"])
  }

  @Test func `text that is not JSON is refused with the file's name`() {
    #expect(refusal(Data("{".utf8))?.hasPrefix("the recipe my.json is not valid: ") == true)
  }

  @Test(arguments: [
    "schema", "name", "title", "summary", "library", "extension", "version", "input_format",
    "output_format", "encode", "decode",
  ])
  func `a missing key is named`(key: String) throws {
    let data = try TestRecipe.data([key: nil as Any?])
    #expect(refusal(data) == "the recipe my.json is not valid: \(key) is missing")
  }

  /// Changes of one key, and what the refusal says behind the file's name.
  private static let problems: [(key: String, json: String, message: String)] = [
    ("gary", "true", "there is no key gary; did you mean gray?"),
    ("gray", "1", "gray: a value of type Bool is needed"),
    ("schema", "2", "schema: it is 2 and this program reads 1"),
    (
      "name", "\"jpeg\"",
      "name: ‘jpeg’ must be recipe- and then small letters, digits and hyphens"
    ),
    ("title", "\"\"", "title: it must be one line of text"),
    ("extension", "\"../x\"", "extension: ‘../x’ must be letters and digits"),
    ("threads", "0", "threads: it must be at least 1"),
    ("timeout_seconds", "0", "timeout_seconds: it must lie between 0 and 1000000"),
    ("output_limit_bytes", "0", "output_limit_bytes: it must be at least 1"),
    (
      "version", #"{"command": ["uname"], "pattern": "("}"#,
      "version.pattern: ‘(’ is no regular expression"
    ),
    (
      "version", #"{"command": ["uname"], "pattern": ".+"}"#,
      "version.pattern: ‘.+’ has no group (…) for what is looked for"
    ),
    (
      "version", #"{"command": [], "pattern": "(.+)"}"#, "version.command: it names no program"
    ),
    ("encode", #"{"command": []}"#, "encode.command: it names no program"),
    (
      "encode", #"{"command": "cp {input} {output}"}"#,
      "encode.command: a value of type Array<Any> is needed"
    ),
    ("encode", #"{"command": ["cp", "{input}"]}"#, "encode.command: {output} is missing"),
    (
      "encode", #"{"command": ["cp", "{input}", "{outptu}"]}"#,
      "encode.command[2]: there is no {outptu} here; did you mean {output}?"
    ),
    (
      "encode", #"{"command": ["cp", "{input", "{output}"]}"#,
      "encode.command[1]: ‘{input’ has a brace without its other; {{ is one brace"
    ),
    (
      "encode", #"{"command": ["{input}", "{output}"]}"#,
      "encode.command[0]: there is no {input} here"
    ),
    (
      "encode", #"{"command": ["./cp", "{input}", "{output}"]}"#,
      "encode.command: ‘./cp’ is a path, which needs the recipe's folder"
    ),
    (
      "decode", #"{"command": ["cp", "{input}", "{output}", "{width}"]}"#,
      "decode.command[3]: there is no {width} here"
    ),
    (
      "decode", #"{"command": ["cp", "{input}", "{output}"], "seconds": {"file": "a/b"}}"#,
      "decode.seconds.file: it must be a file name without a folder"
    ),
    (
      "quality",
      #"{"name": "q", "minimum": 1, "maximum": 1, "direction": "higherIsBetter", "sweep": [1]}"#,
      "quality.maximum: it must be larger than quality.minimum"
    ),
    (
      "quality",
      #"{"name": "q", "minimum": 1, "maximum": 9, "direction": "up", "sweep": [1]}"#,
      "quality.direction: Cannot initialize Direction from invalid String value up"
    ),
    (
      "quality",
      #"{"name": "q", "minimum": 1, "maximum": 9, "direction": "higherIsBetter", "sweep": [0]}"#,
      "quality.sweep: 0 is not in 1 to 9"
    ),
    (
      "quality",
      #"{"name": "q", "minimum": 1, "maximum": 9, "direction": "lowerIsBetter", "sweep": [1, 2]}"#,
      "quality.sweep: it must go from the worst picture to the best"
    ),
    (
      "quality",
      #"{"name": "q", "minimum": 1, "maximum": 9, "direction": "higherIsBetter", "sweep": [1]}"#,
      "encode.command: {quality} is missing"
    ),
    (
      "parameters", #"[{"name": "input", "help": "h", "default": "1", "integers": [1, 2]}]"#,
      "parameters[0].name: ‘input’ is not small letters and digits, reserved, or there twice"
    ),
    (
      "parameters", #"[{"name": "speed", "help": "h", "default": "3", "integers": [1, 2]}]"#,
      "parameters[0].default: ‘3’ is not in 1…2"
    ),
    (
      "parameters", #"[{"name": "speed", "help": "h", "default": "3", "integers": [1]}]"#,
      "parameters[0]: it needs one of choices, integers and numbers: words, or the least and the "
        + "greatest"
    ),
  ]

  @Test(arguments: problems)
  func `a wrong value is refused with file, key and reason`(
    key: String, json: String, message: String
  ) throws {
    let value = try JSONSerialization.jsonObject(
      with: Data(json.utf8), options: .fragmentsAllowed)
    let data = try TestRecipe.data([key: value])
    #expect(refusal(data) == "the recipe my.json is not valid: \(message)")
  }
}
