import Foundation
import Testing

/// The help of each command, as committed.
///
/// To record it anew: `RDBENCH_RECORD=1 Scripts/test --filter HelpTests`, which rewrites the files
/// and fails.
@Suite struct HelpTests {
  @Test(arguments: [
    [], ["run"], ["plot"], ["bd"], ["compare"], ["merge"], ["measure"], ["encode"], ["decode"],
    ["codecs"],
    ["report"], ["datasets"], ["figures"],
    ["inspect"], ["datasets", "list"], ["datasets", "fetch"], ["datasets", "verify"],
    ["cache"], ["cache", "status"], ["cache", "gc"],
    ["models"], ["models", "list"], ["models", "verify"],
  ])
  func `help is as committed and has examples`(command: [String]) throws {
    let outcome = try Program.run(command + ["--help"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.contains("EXAMPLES:"))
    try Golden.expect(
      outcome.output, at: "help/\((["rdbench"] + command).joined(separator: "-")).txt")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions are there for each shell`(shell: String) throws {
    let outcome = try Program.run(["--generate-completion-script", shell])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("dataset-root"))
  }
}

/// Texts that are committed beside the tests.
enum Golden {
  /// Compares a text with the committed one, or records it when `RDBENCH_RECORD` is set.
  static func expect(
    _ text: String, at name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    if ProcessInfo.processInfo.environment["RDBENCH_RECORD"] != nil {
      let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")
    let committed = try? String(contentsOf: url, encoding: .utf8)
    #expect(text == committed, sourceLocation: sourceLocation)
  }
}
