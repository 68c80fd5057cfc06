import TestSupport
import Foundation
import Results
import Testing

@Suite struct RunTests {
  /// The rows of a run without their times and the number of jobs that these belong to.
  private func rows(_ folder: TemporaryFolder, _ name: String) throws -> [ResultRow] {
    try ResultsFile.read(path: "\(folder.path)/\(name)/results.csv").map {
      var row = $0
      row.timing = nil
      row.jobs = nil
      return row
    }
  }

  @Test func `every codec over a folder, the same rows for any number of jobs`() throws {
    let folder = try TemporaryFolder()
    for (index, size) in [(33, 17), (16, 16), (1, 1), (40, 24)].enumerated() {
      try folder.write(Pictures.rgb(width: size.0, height: size.1), to: "set/\(index).ppm")
    }
    for jobs in ["1", "8"] {
      let outcome = try Program.run(
        ["run", "--dataset", "set", "--no-cache", "--jobs", jobs, "--output", "jobs\(jobs)"],
        in: folder.path)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      // Learned codecs without weights are left out with a note.
      #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.contains(" is left out: ") })
      for word in ["jpeg", "jpeg2000", "webp", "raw", "harness", "codecs", "metrics"] {
        #expect(outcome.output.contains(word))
      }
    }
    let alone = try rows(folder, "jobs1")
    #expect(try rows(folder, "jobs8") == alone)
    #expect(
      Set(alone.map(\.subject.codec)).isSuperset(of: ["jpeg", "jpeg2000", "webp", "raw"]))
    #expect(alone.allSatisfy { $0.status == .ok && $0.subject.dataset == "set" })
    for row in alone where row.subject.codec == "raw" { #expect(row.scores[.mse] == 0) }
  }

  @Test func `one bad picture is failure rows and exit code 1`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 20, height: 20), to: "set/a.ppm")
    try folder.write(Array("P6\n20 20\n255\nshort".utf8), to: "set/b.ppm")
    let outcome = try Program.run(
      ["run", "--dataset", "set", "--codecs", "raw,jpeg", "--qualities", "jpeg:50"],
      in: folder.path)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("2 of 4 measurements failed"))
    let rows = try ResultsFile.read(path: "\(folder.path)/results.csv")
    #expect(rows.map(\.status) == [.ok, .ok, .encodeFailed, .encodeFailed])
  }

  @Test func `a run ends early once too much has failed`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 { try folder.write(Array("no picture".utf8), to: "set/\(index).ppm") }
    let outcome = try Program.run(
      [
        "run", "--dataset", "set", "--codecs", "raw", "--jobs", "1", "--max-failures", "1",
        "--no-cache",
      ], in: folder.path)
    #expect(outcome.exitCode == 1)
    // The run may be ahead of whoever counts: all rows may be there already.
    #expect(
      outcome.errors.contains("(--max-failures 1)") || outcome.errors.contains("6 of 6"),
      "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a verified run in isolation gives the rows of one without`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 33, height: 17), to: "set/a.ppm")
    try folder.write(Pictures.rgb(width: 24, height: 40), to: "set/b.ppm")
    let common = ["run", "--dataset", "set", "--codecs", "all", "--no-cache", "--output"]
    let plain = try Program.run(common + ["plain", "--no-isolate"], in: folder.path)
    #expect(plain.exitCode == 0)
    for jobs in ["1", "8"] {
      let outcome = try Program.run(
        common + ["verified\(jobs)", "--isolate", "--verify", "--jobs", jobs], in: folder.path)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(try rows(folder, "verified\(jobs)") == rows(folder, "plain"))
    }
  }

  @Test func `limits need worker processes`() throws {
    for arguments in [["--timeout", "5"], ["--memory-limit", "1GB"]] {
      let outcome = try Program.run(["run", "--no-isolate"] + arguments)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains("leave out --no-isolate"))
    }
    #expect(try Program.run(["worker"]).errors.contains("started by ‘rdbench run’"))
  }

  @Test func `Ctrl-C leaves a valid file with what was measured`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<40 {
      try folder.write(Pictures.rgb(width: 256, height: 256), to: "set/\(100 + index).ppm")
    }
    let outcome = try Program.run(
      ["run", "--dataset", "set", "--codecs", "webp", "--jobs", "1"], in: folder.path
    ) { process in
      // The second image's rows begin once the first image is through.
      while process.isRunning, !(folder.text("results.partial.csv") ?? "").contains("101.ppm") {
        Thread.sleep(forTimeInterval: 0.01)
      }
      process.interrupt()
    }
    #expect(outcome.exitCode == 130)
    #expect(outcome.errors.contains("stopped early"))
    let rows = try ResultsFile.read(path: "\(folder.path)/results.csv")
    #expect(!rows.isEmpty)
    #expect(rows.allSatisfy { $0.status == .ok })
    let meta = URL(fileURLWithPath: "\(folder.path)/results.meta.json")
    #expect(try RunMetadata.read(from: meta).completed == false)
  }
}
