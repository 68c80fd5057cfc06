import TestSupport
import Codecs
import Foundation
import Imaging
import Testing

/// Outside programs that work, and every way in which they do not.
@Suite struct RecipeCodecTests {
  private let image = TestPicture.discs(width: 31, height: 17)

  private func encodingFailure(_ codec: any Codec) -> CodecError? {
    #expect(throws: CodecError.self) { try codec.encode(image, at: .fixed) }
  }

  @Test(arguments: Image.ColorModel.allCases, ["ppm", "png"])
  func `a copied picture comes back`(colorModel: Image.ColorModel, format: String) throws {
    let codec = try TestRecipe.codec(["input_format": format, "output_format": format])
    let image = TestPicture.discs(width: 31, height: 17, colorModel: colorModel)
    let encoded = try codec.encode(image, at: .fixed)
    if format == "ppm" { #expect(encoded.bytes == PNM.encode(image)) }
    #expect(try codec.decode(encoded.bytes) == image)
    #expect(codec.descriptor.version.hasPrefix("cp "))
  }

  @Test func `a program without grey gets RGB`() throws {
    let codec = try TestRecipe.codec(["gray": false])
    let gray = TestPicture.discs(width: 8, height: 8, colorModel: .gray)
    #expect(try codec.decode(codec.encode(gray, at: .fixed).bytes) == gray.asRGB())
  }

  @Test func `quality, size and parameters reach the program as they are written`() throws {
    let codec = try TestRecipe.codec(
      [
        "quality": [
          "name": "q", "minimum": 0, "maximum": 9, "direction": "higherIsBetter", "sweep": [1, 2],
        ],
        "parameters": [
          ["name": "mode", "help": "h", "default": "$(a b)", "choices": ["$(a b)", "c;d"]]
        ],
        "encode": [
          "command": [
            "sh", "-c", #"cp "$1" "$2"; printf '%s\n' "$@" >> "$2""#, "sh", "{input}", "{output}",
            "{quality}", "{width}x{height}", "-m{mode}",
          ]
        ],
      ])
    let text = String(
      decoding: try codec.encode(image, at: .value(2.5)).bytes, as: UTF8.self)
    #expect(text.hasSuffix("\n2.5\n31x17\n-m$(a b)\n"))
  }

  @Test func `a missing program makes the codec unavailable`() throws {
    let missing: [String: Any] = ["command": ["no-such-program", "{input}", "{output}"]]
    for step in ["encode", "decode"] {
      let error = #expect(throws: CodecError.self) { try TestRecipe.codec([step: missing]) }
      #expect(error?.kind == .unavailable && error?.codec == "recipe-copy")
      #expect(error?.message == "the program no-such-program is not installed")
    }
    let version: [String: Any] = ["command": ["uname"], "pattern": "(no such text)"]
    let error = #expect(throws: CodecError.self) { try TestRecipe.codec(["version": version]) }
    #expect(error?.kind == .unavailable)
  }

  @Test func `a program's last words are in the error, without its folder`() throws {
    let codec = try TestRecipe.codec(
      ["encode": TestRecipe.script("echo it went wrong in \"$1\" >&2; exit 3")])
    let error = try #require(encodingFailure(codec))
    #expect(error.kind == .encodingFailed)
    #expect(error.message == "sh ended with code 3: it went wrong in picture.ppm")
  }

  @Test func `only the end of many last words is kept`() throws {
    let codec = try TestRecipe.codec(
      ["encode": TestRecipe.script("yes word | head -n 1000 >&2; echo the end >&2; exit 1")])
    let message = try #require(encodingFailure(codec)?.message)
    #expect(message.count < 400 && message.hasSuffix("word the end"))
  }

  @Test(arguments: [
    ("true", "sh wrote no file"), (": > \"$2\"", "sh wrote no file"),
    ("ln -s \"$1\" \"$2\"", "sh wrote no file"), ("kill -9 $$", "sh was ended by signal 9"),
  ])
  func `a program that leaves nothing behind has failed`(script: String, message: String) throws {
    let codec = try TestRecipe.codec(["encode": TestRecipe.script(script)])
    #expect(encodingFailure(codec)?.message == message)
  }

  @Test func `a program that takes too long is ended with all that it started`() throws {
    let folder = try TemporaryFolder()
    let codec = try TestRecipe.codec(
      [
        "encode": TestRecipe.script("sleep 60 & echo $! > '\(folder.file("pid"))'; sleep 60"),
        "timeout_seconds": 0.3,
      ])
    let start = ContinuousClock.now
    let error = try #require(encodingFailure(codec))
    #expect(error.kind == .timedOut && error.message == "sh was ended after 0.3 seconds")
    #expect(start.duration(to: .now) < .seconds(20))
    let identifier = try #require(
      Int32(
        try String(contentsOfFile: folder.file("pid"), encoding: .utf8)
          .trimmingCharacters(in: .whitespacesAndNewlines)))
    // The grandchild is a zombie until it is reaped, so its end may be a moment away.
    let isGone = (0..<200).contains { _ in
      if kill(identifier, 0) != 0 || isZombie(identifier) { return true }
      usleep(50_000)
      return false
    }
    #expect(isGone)
  }

  /// Whether a process has ended and waits to be reaped, where `/proc` tells.
  private func isZombie(_ identifier: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
    return status?.contains("State:\tZ") ?? false
  }

  @Test func `a program that writes without end is ended`() throws {
    let codec = try TestRecipe.codec(
      ["encode": TestRecipe.script("cat /dev/zero > \"$2\""), "output_limit_bytes": 100_000])
    #expect(encodingFailure(codec)?.message == "sh wrote more than 100000 bytes")
    let printing = try TestRecipe.codec(
      ["encode": TestRecipe.script("yes"), "output_limit_bytes": 100_000])
    #expect(encodingFailure(printing)?.message == "sh wrote more than 100000 bytes")
  }

  @Test func `the decoder sees the file alone, and what it writes must be a picture`() throws {
    let listing = try TestRecipe.codec(["decode": TestRecipe.script("ls >&2; exit 1")])
    let encoded = try listing.encode(image, at: .fixed)
    let error = #expect(throws: CodecError.self) { try listing.decode(encoded.bytes) }
    #expect(error?.kind == .corruptData)
    #expect(error?.message == "sh ended with code 1: coded.ppm stderr.txt stdout.txt")
    let wrong = try TestRecipe.codec(["output_format": "png"])
    #expect(throws: CodecError.self) { try wrong.decode(encoded.bytes) }
  }

  @Test(arguments: ["exit 1", "cp \"$1\" \"$2\""])
  func `the folder of a call is removed, whatever happens`(script: String) throws {
    let folder = try TemporaryFolder()
    let codec = try TestRecipe.codec(
      ["encode": TestRecipe.script("pwd > '\(folder.file("pwd"))'; touch more; \(script)")])
    _ = try? codec.encode(image, at: .fixed)
    let path = try String(contentsOfFile: folder.file("pwd"), encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(path.contains("/rdbench-"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a recipe's own files and variables are found from its folder`() throws {
    let folder = try TemporaryFolder()
    let program = folder.file("encode.sh")
    try "#!/bin/sh\ncp \"$1\" \"$2\"; printf '%s' \"$3 $SETTING\" >> \"$2\"\n"
      .write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let codec = try TestRecipe.codec(
      [
        "encode": ["command": ["./encode.sh", "{input}", "{output}", "{recipe_folder}/x"]],
        "environment": ["SETTING": "on"],
      ], folder: folder.path)
    let bytes = try codec.encode(image, at: .fixed).bytes
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\(folder.path)/x on"))
  }
}
