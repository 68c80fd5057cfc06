import ArgumentParser
import Benchmarking
import Foundation
import Results

/// `rdbench merge`: the shards of a run put together.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the shards of a run together.",
    discussion: """
      Writes the results.csv that one run over all images would have written, but for the times. \
      Every shard must be there once, complete, and of the same plan, build and library versions; \
      otherwise nothing is written and the message names the shard. A shard that was broken off is \
      completed by starting its run again.

      EXAMPLES:
        rdbench run --dataset kodak --shard 1/2 --output results/shard-1
        rdbench run --dataset kodak --shard 2/2 --output results/shard-2
        rdbench merge results/shard-1 results/shard-2 --output results
      """)

  @Argument(
    help: "The folders that the shards' runs wrote, in any order.", completion: .directory)
  var shards: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where results.csv and results.meta.json go.", valueName: "dir"),
    completion: .directory)
  var output = "."

  @Flag(help: "Replace the results of another plan.")
  var force = false

  func run() throws {
    let path = try failing { () throws(ResultsError) in
      var parts: [ShardMerge.Part] = []
      for folder in shards { parts.append(try ShardMerge.Part(folder: folder)) }
      let merge = try ShardMerge(
        parts, commandLine: ["rdbench"] + CommandLine.arguments.dropFirst())
      return try merge.write(toFolder: output, force: force)
    }
    print("Wrote \(path), \(shards.count) shards.")
  }
}
