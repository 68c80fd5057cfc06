import TestSupport
import Foundation
import Results
import Testing

/// Runs that are ended from outside: starting the same command again ends with the file that an
/// undisturbed run writes.
@Suite(.serialized) struct InterruptedRunTests {
  private let folder: TemporaryFolder
  private let run = [
    "run", "--dataset", "set", "--codecs", "jpeg,jpeg2000,webp", "--jobs", "2", "--output", "out",
    "--qualities", "jpeg:20,40,60,80", "--qualities", "jpeg2000:0.5,1,2", "--qualities",
    "webp:30,50,70",
  ]

  init() throws {
    folder = try TemporaryFolder()
    for (index, size) in [(96, 64), (64, 80), (1, 1), (120, 90), (48, 48), (80, 56)].enumerated() {
      try folder.write(Pictures.rgb(width: size.0, height: size.1), to: "set/\(index).ppm")
    }
  }

  /// The results less their time columns, byte for byte.
  private func lines(_ output: String) throws -> [String] {
    let text = try #require(folder.text("\(output)/results.csv"))
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let times = lines[0].indices.filter { lines[0][$0].hasSuffix("_seconds") }
    #expect(times.count == 4)
    for row in lines.indices where lines[row].count > 1 {
      for column in times.reversed() { lines[row].remove(at: column) }
    }
    return lines.map { $0.joined(separator: ",") }
  }

  /// What an undisturbed run writes, and how long it takes.
  private func undisturbed() throws -> (lines: [String], seconds: Double) {
    let start = Date()
    let outcome = try Program.run(run + ["--no-cache"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let seconds = Date().timeIntervalSince(start)
    let lines = try lines("out")
    try FileManager.default.removeItem(atPath: "\(folder.path)/out")
    return (lines, seconds)
  }

  private func removeAll() throws {
    for name in ["out", ".rdbench-cache"] where folder.exists(name) {
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
  }

  /// The number of lines of the file that a run is writing.
  private var lineCount: Int {
    folder.bytes("out/results.partial.csv")?.count { $0 == UInt8(ascii: "\n") } ?? 0
  }

  /// Five times, a run is killed at six moments and then left alone.
  ///
  /// Half of the moments are at a random time, half at a random row, so that they are spread over the
  /// run however fast the machine is.
  @Test(arguments: [[], ["--no-cache"]])
  func `killed at thirty random moments, each way`(options: [String]) throws {
    let (expected, seconds) = try undisturbed()
    var random = SeededNumbers(seed: options.isEmpty ? 1 : 2)
    var (kills, killsInTheMiddle) = (0, 0)
    while kills < 30 {
      let (time, line, delay) = (random.next() * seconds, random.next(), random.next() * 0.01)
      let outcome = try Program.run(run + options, in: folder.path) { process in
        if kills.isMultiple(of: 2) {
          Thread.sleep(forTimeInterval: time)
        } else {
          let wanted = Int(line * Double(expected.count - 2))
          while process.isRunning, lineCount <= wanted { Thread.sleep(forTimeInterval: 0.001) }
          Thread.sleep(forTimeInterval: delay)
        }
        kill(process.processIdentifier, SIGKILL)
      }
      if outcome.exitCode == SIGKILL {
        kills += 1
        if lineCount > 1 { killsInTheMiddle += 1 }
        guard kills.isMultiple(of: 6) else { continue }
        let last = try Program.run(run + options, in: folder.path)
        #expect(last.exitCode == 0, "\(last.errors)")
      } else {
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
      }
      #expect(try lines("out") == expected, "after \(kills) kills")
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out")
      #expect(Set(names) == ["results.csv", "results.meta.json"])
      try removeAll()
    }
    #expect(killsInTheMiddle >= 10)
  }

  @Test(arguments: [SIGHUP, SIGTERM])
  func `a lost terminal is like Ctrl-C, and the same command goes on`(signal: Int32) throws {
    let (expected, _) = try undisturbed()
    let outcome = try Program.run(run, in: folder.path) { process in
      while process.isRunning, folder.text("out/results.partial.csv")?.contains("0.ppm") != true {
        Thread.sleep(forTimeInterval: 0.005)
      }
      kill(process.processIdentifier, signal)
    }
    #expect(outcome.exitCode == 130)
    let meta = URL(fileURLWithPath: "\(folder.path)/out/results.meta.json")
    #expect(try RunMetadata.read(from: meta).completed == false)
    let again = try Program.run(run, in: folder.path)
    #expect(again.exitCode == 0)
    #expect(again.errors.contains("going on after"))
    #expect(try lines("out") == expected)
    #expect(try RunMetadata.read(from: meta).reuse?.resumedRows ?? 0 > 0)
  }

  @Test func `a program that shall outlive its terminal does`() throws {
    let outcome = try Program.run(run, in: folder.path, after: "trap '' HUP") { process in
      while process.isRunning, !folder.exists("out/results.partial.csv") {
        Thread.sleep(forTimeInterval: 0.005)
      }
      kill(process.processIdentifier, SIGHUP)
    }
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  /// A limit on the size of a file stands for a full disk: writing fails from then on.
  @Test func `a full disk ends the run with a sentence, and the same command goes on`() throws {
    let (expected, _) = try undisturbed()
    let full = try Program.run(
      run + ["--no-cache"], in: folder.path, after: "trap '' XFSZ; ulimit -f 8")
    #expect(full.exitCode == 2)
    #expect(full.errors.contains("perhaps the disk is full"), "\(full.errors)")
    #expect(folder.bytes("out/results.partial.csv")?.count ?? 0 > 0)
    let again = try Program.run(run + ["--no-cache"], in: folder.path)
    #expect(again.exitCode == 0 && again.errors.contains("going on after"), "\(again.errors)")
    #expect(try lines("out") == expected)
  }

  @Test func `a full disk under the cache does not end the run`() throws {
    let (expected, _) = try undisturbed()
    let full = try Program.run(run, in: folder.path, after: "trap '' XFSZ; ulimit -f 600")
    #expect(full.exitCode == 0, "\(full.errors)")
    #expect(full.errors.contains("were not kept for other runs"), "\(full.errors)")
    #expect(try lines("out") == expected)
    // What was kept until then is whole.
    let again = try Program.run(run, in: folder.path)
    #expect(again.exitCode == 0 && again.errors.isEmpty, "\(again.errors)")
    #expect(try lines("out") == expected)
  }
}

/// Numbers from 0 to 1 that are the same in every run of the tests.
private struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
}
