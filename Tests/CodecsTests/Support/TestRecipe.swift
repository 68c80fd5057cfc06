import Codecs
import Foundation

/// A recipe of programs that every system has, with parts replaced for a test.
enum TestRecipe {
  /// The keys and values of a recipe whose encoder and decoder copy a picture file.
  private static var copy: [String: Any] {
    [
      "schema": 1, "name": "recipe-copy", "title": "Copy", "summary": "copies the picture file",
      "library": "cp", "extension": "ppm", "input_format": "ppm", "output_format": "ppm",
      "gray": true,
      "version": ["command": ["uname", "-s"], "pattern": "(.+)"],
      "encode": ["command": ["cp", "{input}", "{output}"]],
      "decode": ["command": ["cp", "{input}", "{output}"]],
    ]
  }

  /// The copying recipe with further or other keys; `nil` takes a key away.
  static func data(_ changes: [String: Any?] = [:]) throws -> Data {
    var contents = copy
    for (key, value) in changes { contents[key] = value }
    return try JSONSerialization.data(withJSONObject: contents)
  }

  /// A codec of the changed recipe.
  static func codec(
    _ changes: [String: Any?] = [:], folder: String? = nil, overrides: [String: String] = [:]
  ) throws -> any Codec {
    try CodecRecipe(data: data(changes), fileName: "test.json", folder: folder)
      .provider.codec(overrides)
  }

  /// An encoder or decoder that is a shell script; `$1` is its input, `$2` its output.
  static func script(_ text: String, seconds: [String: Any]? = nil) -> [String: Any] {
    var step: [String: Any] = ["command": ["sh", "-c", text, "sh", "{input}", "{output}"]]
    step["seconds"] = seconds
    return step
  }
}
