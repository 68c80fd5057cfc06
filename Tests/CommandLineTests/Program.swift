import Foundation

/// The built program, run as a user runs it.
struct Program {
  /// What a finished program left behind.
  struct Outcome {
    let exitCode: Int32
    let output: String
    let errors: String
  }

  /// The program beside the test bundle.
  private static let executable = Bundle.module.bundleURL.deletingLastPathComponent()
    .appendingPathComponent("rdbench")

  /// Tests that were started in the background ignore Ctrl-C, and so would what they start.
  private static let takesSignals: Void = {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }()

  /// Runs the program to its end.
  ///
  /// Its store of measurements is in the working folder, so that no test depends on what another one
  /// or the user measured; and it knows no weights, which take seconds to read in a debug build, unless
  /// the test gives it some.
  ///
  /// - Parameters:
  ///   - folder: the working folder.
  ///   - output: a file for standard output, rather than the outcome.
  ///   - shell: what a shell does before it becomes the program, such as setting a limit.
  ///   - variables: what the environment holds besides.
  ///   - whileRunning: called once the program has started.
  static func run(
    _ arguments: [String], in folder: String = NSTemporaryDirectory(), output: String? = nil,
    after shell: String? = nil, variables: [String: String] = [:],
    whileRunning: (Process) throws -> Void = { _ in }
  ) throws -> Outcome {
    _ = takesSignals
    let process = Process()
    if let shell {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "\(shell); exec \"$0\" \"$@\"", executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    // The parser wraps help to the terminal's width.
    environment["COLUMNS"] = "80"
    environment["RDBENCH_CACHE"] = "\(folder)/.rdbench-cache"
    environment["RDBENCH_MODELS"] =
      Bundle.module.url(
        forResource: "models", withExtension: "json", subdirectory: "Fixtures/no-models")?
      .deletingLastPathComponent().path
    environment.merge(variables) { _, new in new }
    process.environment = environment
    // Files rather than pipes, which would block a program that prints much.
    let name = UUID().uuidString
    let files = ["out", "err"].map { URL(fileURLWithPath: NSTemporaryDirectory() + name + $0) }
    for file in files { try Data().write(to: file) }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    process.standardOutput = try FileHandle(
      forWritingTo: output.map { URL(fileURLWithPath: $0) } ?? files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    try whileRunning(process)
    process.waitUntilExit()
    return Outcome(
      exitCode: process.terminationStatus,
      output: try String(contentsOf: files[0], encoding: .utf8),
      errors: try String(contentsOf: files[1], encoding: .utf8))
  }
}

/// Small pictures as binary PNM.
enum Pictures {
  /// A smooth gradient with some seeded noise.
  static func rgb(width: Int, height: Int) -> [UInt8] {
    var state: UInt64 = 11
    var bytes = Array("P6\n\(width) \(height)\n255\n".utf8)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let noise = Int(state >> 60)
          bytes.append(UInt8((x * 160 / width + y * 60 / height + channel * 8 + noise) & 255))
        }
      }
    }
    return bytes
  }
}
