import TestSupport
import Foundation
import Results
import Testing

@Suite struct MergeTests {
  /// A folder with a set of five pictures and its three shards in `1`, `2` and `3`.
  private func shards(_ options: [String] = ["--codecs", "jpeg,webp"]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<5 {
      try folder.write(Pictures.rgb(width: 20 + index, height: 16), to: "set/\(index).ppm")
    }
    for number in 1...3 { try run(options, shard: "\(number)/3", to: "\(number)", in: folder) }
    return folder
  }

  private func run(
    _ options: [String], shard: String? = nil, to output: String, in folder: TemporaryFolder
  ) throws {
    let outcome = try Program.run(
      ["run", "--dataset", "set", "--no-cache", "--output", output] + options
        + (shard.map { ["--shard", $0] } ?? []), in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  private func merge(_ folders: [String], in folder: TemporaryFolder) throws -> Program.Outcome {
    try Program.run(["merge"] + folders + ["--output", "merged"], in: folder.path)
  }

  private func rows(_ name: String, in folder: TemporaryFolder) throws -> [ResultRow] {
    try ResultsFile.read(path: "\(folder.path)/\(name)/results.csv").map {
      var row = $0
      row.timing = nil
      row.jobs = nil
      return row
    }
  }

  @Test(arguments: [["--codecs", "jpeg,webp"], ["--codecs", "jpeg", "--target", "psnr=30,34"]])
  func `merged shards are the rows of one run`(options: [String]) throws {
    let folder = try shards(options)
    let outcome = try merge(["3", "1", "2"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    try run(options, to: "whole", in: folder)
    #expect(try rows("merged", in: folder) == rows("whole", in: folder))
    let url = URL(fileURLWithPath: "\(folder.path)")
    let merged = try RunMetadata.read(from: url.appendingPathComponent("merged/results.meta.json"))
    let whole = try RunMetadata.read(from: url.appendingPathComponent("whole/results.meta.json"))
    #expect(merged.planDigest == whole.planDigest)
    #expect(merged.dataset == whole.dataset)
    #expect(merged.rows == whole.rows)
    #expect(merged.completed && merged.shard == nil)
    #expect(merged.machine == whole.machine)
  }

  @Test func `gaps and overlaps are named`() throws {
    let folder = try shards()
    let gap = try merge(["1", "3"], in: folder)
    #expect(gap.exitCode == 2)
    #expect(gap.errors.contains("shard 2/3 is missing"))
    let overlap = try merge(["1", "2", "3", "2"], in: folder)
    #expect(overlap.exitCode == 2)
    #expect(overlap.errors.contains("2 and 2 are both shard 2/3"))
    #expect(folder.bytes("merged/results.csv") == nil)
  }

  @Test func `an incomplete shard, a whole run and another plan are refused`() throws {
    let folder = try shards()
    let results = try #require(folder.text("2/results.csv"))
    let torn = results.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
    try folder.write(Array(torn.utf8), to: "2/results.csv")
    #expect(try merge(["1", "2", "3"], in: folder).errors.contains("start its run again"))
    try run(["--codecs", "jpeg"], shard: "2/3", to: "other", in: folder)
    #expect(try merge(["1", "other", "3"], in: folder).errors.contains("is of other codecs"))
    try run(["--codecs", "jpeg,webp"], to: "whole", in: folder)
    #expect(try merge(["1", "whole", "3"], in: folder).errors.contains("not of a shard"))
    #expect(try merge(["set"], in: folder).errors.contains("no readable results.meta.json"))
  }

  @Test func `mixed versions are refused`() throws {
    let folder = try shards()
    let meta = try #require(folder.text("3/results.meta.json"))
    try folder.write(
      Array(meta.replacing("\"rdbench_version\" : \"", with: "\"rdbench_version\" : \"9").utf8),
      to: "3/results.meta.json")
    let outcome = try merge(["1", "2", "3"], in: folder)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("3 is of another build of rdbench than 1"))
  }
}
