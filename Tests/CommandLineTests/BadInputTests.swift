import TestSupport
import Foundation
import Testing

/// Everything that a user can get wrong: one clear sentence on standard error and exit code 2.
@Suite struct BadInputTests {
  private func expectSentence(
    _ arguments: [String], mentions words: [String], in folder: TemporaryFolder? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.exitCode == 2, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("rdbench: "), sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    (["run", "--codecs", "jpg"], ["there is no codec jpg", "did you mean jpeg?"]),
    (["run", "--codecs", "jpeg:subsamplin=444"], ["did you mean subsampling?"]),
    (["run", "--codecs", "jpeg:subsampling=411"], ["420", "444"]),
    (["run", "--codecs", "jpeg:444"], ["jpeg:name=value"]),
    (["run", "--codecs", "jpeg,jpeg"], ["twice"]),
    (["run", "--codecs", "jpeg", "--qualities", "0"], ["1 to 100"]),
    (["run", "--codecs", "jpeg", "--qualities", "fine"], ["not a list of numbers"]),
    (["run", "--codecs", "jpeg", "--qualities", "webp:50"], ["webp", "--codecs does not"]),
    (["run", "--codecs", "jpeg,jpeg2000", "--qualities", "25,50"], ["different quality scales"]),
    (["run", "--codecs", "raw", "--qualities", "raw:3"], ["no quality scale"]),
    (["run", "--metrics", "psnrr"], ["did you mean psnr?"]),
    (["run", "--dataset", "kodk"], ["kodak"]),
    (["run", "--dataset", "/no/such/folder"], ["/no/such/folder"]),
    (["run", "--codecs", "raw", "--limit", "1", "--output", "/proc/nowhere"], ["/proc/nowhere"]),
    (["measure", "missing.png", "missing.png"], ["missing.png"]),
    (["decode", "missing.jpg", "out.png"], ["missing.jpg"]),
    (["plot", "missing.csv"], ["missing.csv"]),
  ])
  func `wrong words`(arguments: [String], mentions: [String]) throws {
    try expectSentence(arguments, mentions: mentions)
  }

  @Test(arguments: [["run", "--jobs", "0"], ["run", "--limit", "0"], ["frobnicate"], ["measure"]])
  func `the parser's own complaints end with 2 as well`(arguments: [String]) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("Error: "))
  }

  @Test func `a text file that is called a picture`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("hello".utf8), to: "text.png")
    try expectSentence(["measure", "text.png", "text.png"], mentions: ["text.png"], in: folder)
    try expectSentence(
      ["encode", "--codec", "jpeg", "--quality", "50", "text.png", "out.jpg"],
      mentions: ["text.png"], in: folder)
    try expectSentence(["decode", "text.png", "out.png"], mentions: ["text.png"], in: folder)
    #expect(folder.bytes("out.jpg") == nil)
  }

  @Test func `a picture with an absurd size in its header takes no memory`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("P6\n100000 100000\n255\n".utf8), to: "huge.ppm")
    try expectSentence(
      ["measure", "huge.ppm", "huge.ppm"], mentions: ["100000×100000", "limit"], in: folder)
  }

  @Test func `pictures of different sizes`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 8, height: 8), to: "a.ppm")
    try folder.write(Pictures.rgb(width: 8, height: 9), to: "b.ppm")
    try expectSentence(["measure", "a.ppm", "b.ppm"], mentions: ["8×8", "8×9"], in: folder)
  }

  @Test func `a quality that is missing, off the scale, or not the codec's`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 8, height: 8), to: "a.ppm")
    for (options, word) in [
      (["--codec", "jpeg"], "needs a quality"),
      (["--codec", "jpeg", "--quality", "101"], "1 to 100"),
      (["--codec", "raw", "--quality", "1"], "no quality scale"),
    ] {
      try expectSentence(["encode"] + options + ["a.ppm", "a.out"], mentions: [word], in: folder)
    }
  }

  @Test func `an output that is the input`() throws {
    let folder = try TemporaryFolder()
    let picture = Pictures.rgb(width: 8, height: 8)
    try folder.write(picture, to: "a.ppm")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link.ppm", withDestinationPath: "\(folder.path)/a.ppm")
    for output in ["a.ppm", "./a.ppm", "link.ppm"] {
      try expectSentence(
        ["encode", "--codec", "raw", "a.ppm", output], mentions: ["is the input"], in: folder)
      try expectSentence(["decode", "a.ppm", output], mentions: ["is the input"], in: folder)
    }
    #expect(folder.bytes("a.ppm") == picture)
  }

  @Test func `a quality that is named twice`() throws {
    try expectSentence(
      ["run", "--codecs", "jpeg", "--qualities", "jpeg:25", "--qualities", "25"],
      mentions: ["25 twice for jpeg"])
  }

  @Test func `results of another plan are not overwritten`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 16, height: 16), to: "set/a.ppm")
    let run = ["run", "--dataset", "set", "--codecs", "raw", "--metrics", "mse"]
    #expect(try Program.run(run, in: folder.path).exitCode == 0)
    let before = folder.bytes("results.csv")
    try expectSentence(
      ["run", "--dataset", "set", "--codecs", "raw", "--metrics", "psnr"],
      mentions: ["--force"], in: folder)
    #expect(folder.bytes("results.csv") == before)
    #expect(try Program.run(run, in: folder.path).exitCode == 0)
  }

  #if os(Linux)
    @Test(arguments: [
      ["bd", "results.csv", "--anchor", "jpeg"], ["compare", "results.csv", "results.csv"],
      ["compare", "worse.csv", "results.csv"], ["codecs"], ["datasets", "list"], ["--help"],
    ])
    func `an output that cannot be written is not a success`(arguments: [String]) throws {
      let folder = try TemporaryFolder()
      let qualities = [10.0, 20, 30, 40]
      let rows = TinyResults.rows("jpeg", qualities: qualities)
      try TinyResults.write(
        rows + TinyResults.rows("webp", qualities: qualities), to: "results.csv", in: folder)
      try TinyResults.write(
        rows + TinyResults.rows("webp", qualities: qualities, bytes: 900), to: "worse.csv",
        in: folder)
      let outcome = try Program.run(arguments, in: folder.path, output: "/dev/full")
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains("the output cannot be written"), "\(outcome.errors)")
    }
  #endif
}
