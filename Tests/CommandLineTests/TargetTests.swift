import TestSupport
import Foundation
import Results
import Testing

@Suite struct TargetTests {
  /// A folder with a set of three pictures.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (index, size) in [(64, 48), (50, 40), (48, 64)].enumerated() {
      try folder.write(Pictures.rgb(width: size.0, height: size.1), to: "set/\(index).ppm")
    }
    return folder
  }

  private func run(
    _ options: String, in folder: TemporaryFolder, output: String = "out"
  ) throws -> (outcome: Program.Outcome, rows: [ResultRow]) {
    let outcome = try Program.run(
      ["run", "--dataset", "set", "--no-cache", "--output", output]
        + options.split(separator: " ").map(String.init), in: folder.path)
    let path = "\(folder.path)/\(output)/results.csv"
    let exists = FileManager.default.fileExists(atPath: path)
    return (outcome, exists ? try ResultsFile.read(path: path) : [])
  }

  @Test func `each image gets the quality nearest to each target`() throws {
    let folder = try folder()
    let (outcome, rows) = try run("--codecs jpeg,webp --target psnr=33,36", in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(rows.count == 3 * 2 * 2)
    let (_, sweep) = try run(
      "--codecs jpeg --qualities \((1...100).map(String.init).joined(separator: ","))", in: folder,
      output: "all")
    for row in rows where row.subject.codec == "jpeg" {
      let target = try #require(row.subject.target)
      let best = sweep.filter { $0.subject.image == row.subject.image }
        .compactMap { target.reached(by: $0) }.map { abs($0 - target.value) }.min()
      #expect(target.reached(by: row).map { abs($0 - target.value) } == best)
    }
  }

  @Test func `beyond the range is a finding that says the range`() throws {
    let (outcome, rows) = try run("--codecs jpeg --target bpp=0.001 --target psnr=33", in: folder())
    #expect(outcome.exitCode == 1)
    #expect(rows.map(\.status) == (0..<3).flatMap { _ in [.unreachable, .ok] })
    #expect(rows[0].message.contains("bits_per_pixel=0.001 is out of reach, jpeg gives"))
  }

  @Test func `a size for the whole set is kept`() throws {
    let folder = try folder()
    let (outcome, rows) = try run("--codecs jpeg,webp --target-total-bytes 4000", in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    for codec in ["jpeg", "webp"] {
      let sizes = rows.filter { $0.subject.codec == codec }.compactMap(\.encodedBytes)
      #expect(sizes.count == 3)
      #expect(sizes.reduce(0, +) <= 4000)
    }
  }

  @Test func `failed candidates of a budget count as failures`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 { try folder.write(Array("no picture".utf8), to: "set/\(index).ppm") }
    let (outcome, rows) = try run(
      "--codecs jpeg --target-total-bytes 4000 --jobs 1 --max-failures 1", in: folder)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("stopped after"), "\(outcome.errors)")
    #expect(outcome.errors.contains("(--max-failures 1); 0 of 4 rows are kept"))
    #expect(rows.isEmpty)
  }

  @Test func `a plot of targets has one point for each`() throws {
    let folder = try folder()
    _ = try run("--codecs jpeg,webp --target psnr=32,34,36", in: folder)
    let outcome = try Program.run(
      ["bd", "out/results.csv", "--anchor", "jpeg", "--metric", "psnr"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("webp"))
  }

  @Test(arguments: [
    ("--codecs jpeg --target psnr=30 --qualities 50", "leave out --qualities"),
    ("--codecs jpeg --target psnr", "bpp=0.25,0.5"),
    ("--codecs jpeg --target psnr=x", "no number"),
    ("--codecs jpeg --target psnr=30,30", "twice"),
    ("--codecs jpeg --target all=30", "one figure"),
    ("--codecs raw --target bpp=1", "no quality scale"),
    ("--codecs jpeg --target bpp=1 --target-total-bytes 9", "choose one of"),
    ("--codecs jpeg --target-total-bytes 9 --shard 1/2", "leave out --shard"),
    ("--codecs jpeg --shard 3/2", "as 2/8"),
    ("--codecs jpeg --shard slurm", "Slurm job array"),
  ])
  func `what contradicts itself is one sentence`(options: String, words: String) throws {
    let (outcome, rows) = try run(options, in: folder())
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(rows.isEmpty)
  }
}
