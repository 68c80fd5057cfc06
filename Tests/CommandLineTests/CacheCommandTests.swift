import TestSupport
import Foundation
import Results
import Testing

@Suite struct CacheCommandTests {
  private let folder: TemporaryFolder
  private let run = [
    "run", "--dataset", "set", "--codecs", "jpeg,webp", "--qualities", "jpeg:20,80", "--qualities",
    "webp:50",
  ]

  init() throws {
    folder = try TemporaryFolder()
    for (index, size) in [(64, 48), (48, 33), (80, 80), (17, 40)].enumerated() {
      try folder.write(Pictures.rgb(width: size.0, height: size.1), to: "set/\(index).ppm")
    }
  }

  private func status() throws -> [String: Any] {
    let outcome = try Program.run(["cache", "status", "--json"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(json as? [String: Any])
  }

  private func rows(_ output: String) throws -> [ResultRow] {
    try ResultsFile.read(path: "\(folder.path)/\(output)/results.csv")
  }

  private func reuse(_ output: String) throws -> RunMetadata.Reuse? {
    let meta = URL(fileURLWithPath: "\(folder.path)/\(output)/results.meta.json")
    return try RunMetadata.read(from: meta).reuse
  }

  @Test func `a second run re-uses the first, and the meta file says so`() throws {
    let few = ["--metrics", "mse", "--output"]
    #expect(try Program.run(run + few + ["first"], in: folder.path).exitCode == 0)
    #expect(try reuse("first") == .init())
    let second = try Program.run(run + few + ["second"], in: folder.path)
    #expect(second.output.contains("12 rows, 12 re-used."))
    #expect(try rows("second") == rows("first"))
    #expect(try reuse("second") == .init(reusedRows: 12))

    let third = try Program.run(run + ["--output", "third"], in: folder.path)
    #expect(third.output.contains("12 rows, 12 scored anew."))
    #expect(try reuse("third") == .init(rescoredRows: 12))
    #expect(try rows("third").map(\.timing) == rows("first").map(\.timing))

    let without = try Program.run(run + ["--no-cache", "--output", "fourth"], in: folder.path)
    #expect(without.output.contains("12 rows."))
    func withoutTimes(_ rows: [ResultRow]) -> [ResultRow] {
      rows.map {
        var row = $0
        row.timing = nil
        return row
      }
    }
    #expect(try withoutTimes(rows("fourth")) == withoutTimes(rows("third")))
  }

  @Test func `status and gc say what is there and what goes`() throws {
    #expect(try status()["measurements"] as? Int == 0)
    #expect(try Program.run(run, in: folder.path).exitCode == 0)
    let full = try status()
    #expect(full["measurements"] as? Int == 12)
    #expect(full["bitstream_files"] as? Int == 12)
    let codecs = try #require(full["codecs"] as? [[String: Any]])
    #expect(codecs.map { $0["codec"] as? String } == ["jpeg", "webp"])
    #expect(codecs.map { $0["measurements"] as? Int } == [8, 4])
    #expect(codecs.allSatisfy { $0["images"] as? Int == 4 })
    let table = try Program.run(["cache"], in: folder.path).output
    #expect(table.contains("jpeg") && table.contains("12 measurements, 12 bitstreams"))

    for arguments in [["--other-versions"], ["--older-than", "1"], ["--max-size", "1GB"], []] {
      let outcome = try Program.run(["cache", "gc"] + arguments, in: folder.path)
      #expect(outcome.output == "removed 0 measurements and 0 files of 0.0 MB\n")
    }
    let dry = try Program.run(["cache", "gc", "--older-than", "0", "--dry-run"], in: folder.path)
    #expect(dry.output.hasPrefix("would remove 12 measurements and 12 files"))
    #expect(try status()["measurements"] as? Int == 12)
    let all = try Program.run(["cache", "gc", "--max-size", "0", "--json"], in: folder.path)
    #expect(all.output.contains("\"measurements\" : 12"))
    let empty = try status()
    #expect(empty["measurements"] as? Int == 0 && empty["bitstream_files"] as? Int == 0)
  }

  @Test func `no cache means none`() throws {
    let outcome = try Program.run(run + ["--no-cache"], in: folder.path)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(!folder.exists(".rdbench-cache"))
  }

  @Test func `two processes share a store while a third clears it up`() throws {
    var errors = ""
    let first = try Program.run(run + ["--output", "first"], in: folder.path) { process in
      errors += try Program.run(run + ["--output", "second"], in: folder.path) { _ in
        while process.isRunning {
          let gc = try Program.run(["cache", "gc", "--max-size", "1kB"], in: folder.path)
          #expect(gc.exitCode == 0, "\(gc.errors)")
        }
      }.errors
    }
    #expect(first.errors + errors == "")
    let alone = try Program.run(run + ["--output", "alone", "--no-cache"], in: folder.path)
    #expect(alone.exitCode == 0)
    let digests = try rows("alone").map(\.bitstreamSHA256)
    for output in ["first", "second"] {
      #expect(try rows(output).map(\.bitstreamSHA256) == digests)
      #expect(try rows(output).allSatisfy { $0.status == .ok })
    }
    // Two runs more, without disturbance: whatever is left is good.
    for _ in 0..<2 {
      #expect(try Program.run(run + ["--output", "last"], in: folder.path).errors.isEmpty)
    }
    #expect(try reuse("last")?.reusedRows == 12)
  }

  @Test func `a store that cannot be used is wrong use if it was named, else done without`() throws
  {
    try folder.write([], to: "file")
    let named = try Program.run(run + ["--cache-dir", "file"], in: folder.path)
    #expect(named.exitCode == 2)
    #expect(named.errors.hasPrefix("rdbench: the cache folder file"))
    let usual = try Program.run(
      run, in: folder.path, variables: ["RDBENCH_CACHE": "", "XDG_CACHE_HOME": "/proc/nowhere"])
    #expect(usual.exitCode == 0)
    #expect(usual.errors.hasPrefix("rdbench: note: nothing is re-used"))
  }

  @Test(arguments: [["gc", "--max-size", "much"], ["gc", "--older-than", "-1"]])
  func `wrong use`(arguments: [String]) throws {
    #expect(try Program.run(["cache"] + arguments, in: folder.path).exitCode == 2)
  }
}
