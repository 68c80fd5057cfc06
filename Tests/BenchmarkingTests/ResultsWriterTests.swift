import TestSupport
import Codecs
import Foundation
import Testing

@testable import Benchmarking
@testable import MeasurementStore
@testable import Results

@Suite struct ResultsWriterTests {
  private let row = ResultsFileTests.complete

  private func rows(_ names: [String]) -> [ResultRow] {
    names.map {
      var row = row
      row.subject.image = $0
      return row
    }
  }

  private func plan(_ count: Int, quality: Double = 4) async throws -> Plan {
    let folder = try TemporaryFolder()
    try folder.writePictures(count)
    return Plan(
      dataset: try await folder.dataset(),
      sweeps: [Plan.Sweep(codec: TestCodec(), points: .qualities([.value(quality)]))],
      metrics: [.mse])
  }

  private func identity(_ plan: Plan, settings: [String] = []) -> RunIdentity {
    RunIdentity(
      plan: plan, conditions: TimingConditions(timingRepeats: 0, jobs: 1), settings: settings)
  }

  private func open(
    _ folder: TemporaryFolder, _ plan: Plan, settings: [String] = [], force: Bool = false
  ) throws -> ResultsWriter {
    try ResultsWriter(
      folder: folder.path, plan: plan, identity: identity(plan, settings: settings), force: force)
  }

  private func metadata(_ plan: Plan, rowCount: Int) -> RunMetadata {
    RunMetadata(
      plan: plan, commandLine: ["rdbench", "run", "--output=/home/somebody/results", "a/b.png"],
      jobs: 1, start: Date(timeIntervalSince1970: 0),
      end: Date(timeIntervalSince1970: 61), pixelDigests: [:], rowCount: rowCount, failureCount: 0,
      fingerprint: identity(plan).fingerprint)
  }

  @Test func `rows that come in any order are written in the plan's`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(3)
    let rows = rows(["a", "b", "c"])
    var writer = try open(folder, plan)
    try writer.add(rows[2], at: 2)
    #expect(folder.text("results.partial.csv") == ResultsFile.header)
    try writer.add(rows[0], at: 0)
    #expect(folder.text("results.partial.csv") == ResultsFile.header + ResultsFile.line(rows[0]))
    try writer.add(rows[1], at: 1)
    let path = try writer.finish(metadata(plan, rowCount: 3))
    #expect(path.hasSuffix("/results.csv"))
    #expect(try ResultsFile.read(path: path) == rows)
    #expect(folder.text("results.partial.csv") == nil)
  }

  @Test func `a stopped run keeps the rows behind a gap`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(3)
    let rows = rows(["a", "b", "c"])
    var writer = try open(folder, plan)
    try writer.add(rows[2], at: 2)
    try writer.add(rows[0], at: 0)
    let path = try writer.finish(metadata(plan, rowCount: 2))
    #expect(try ResultsFile.read(path: path) == [rows[0], rows[2]])
  }

  @Test func `results of another plan are replaced only by force`() async throws {
    let folder = try TemporaryFolder()
    let (first, second) = (try await plan(1), try await plan(1, quality: 6))
    #expect(first.digest != second.digest)
    var writer = try open(folder, first)
    try writer.add(row, at: 0)
    _ = try writer.finish(metadata(first, rowCount: 1))

    let error = #expect(throws: ResultsError.self) {
      _ = try open(folder, second)
    }
    #expect(error?.message.contains("--force") == true)
    #expect(folder.text("results.csv") != nil)

    let again = try open(folder, first)
    _ = try again.finish(metadata(first, rowCount: 1))
    let forced = try open(folder, second, force: true)
    _ = try forced.finish(metadata(second, rowCount: 1))
  }

  @Test func `results whose meta file cannot be read are replaced only by force`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(1)
    var writer = try open(folder, plan)
    try writer.add(row, at: 0)
    _ = try writer.finish(metadata(plan, rowCount: 1))
    try folder.write(Array("{".utf8), to: "results.meta.json")
    let error = #expect(throws: ResultsError.self) { _ = try open(folder, plan) }
    #expect(error?.message.contains("results.meta.json cannot be read") == true)
    #expect(folder.text("results.csv") != nil)
    var forced = try open(folder, plan, force: true)
    try forced.add(row, at: 0)
    _ = try forced.finish(metadata(plan, rowCount: 1))
    _ = try open(folder, plan)
  }

  @Test func `a stopped run does not replace a complete file of the same plan`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(2)
    var writer = try open(folder, plan)
    try writer.add(row, at: 0)
    try writer.add(row, at: 1)
    _ = try writer.finish(metadata(plan, rowCount: 2))
    var second = try open(folder, plan)
    try second.add(row, at: 0)
    let path = try second.finish(metadata(plan, rowCount: 1))
    #expect(path.hasSuffix("results.partial.csv"))
    #expect(try ResultsFile.read(path: "\(folder.path)/results.csv").count == 2)
  }

  @Test func `a stopped run does not replace one that came further`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(3)
    for (count, name) in [(2, "results.csv"), (1, "results.partial.csv")] {
      var writer = try open(folder, plan)
      for position in 0..<count { try writer.add(row, at: position) }
      let path = try writer.finish(metadata(plan, rowCount: count))
      #expect(path.hasSuffix("/\(name)"))
    }
    #expect(try ResultsFile.read(path: "\(folder.path)/results.csv").count == 2)
  }

  @Test func `what another run left behind when it was killed is moved aside`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(1)
    let left = ResultsFile.header + ResultsFile.line(row)
    for number in 1...2 {
      try folder.write(Array(left.utf8), to: "results.partial.csv")
      let writer = try open(folder, plan, settings: ["\(number)"])
      #expect(writer.rescuedPath?.hasSuffix("results.partial-\(number).csv") == true)
      #expect(folder.text("results.partial-\(number).csv") == left)
    }
    try folder.write(Array(ResultsFile.header.utf8), to: "results.partial.csv")
    let writer = try open(folder, plan)
    #expect(writer.rescuedPath == nil)
  }

  @Test func `two runs do not write into one folder`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(1)
    var first = try open(folder, plan)
    for force in [false, true] {
      let error = #expect(throws: ResultsError.self) {
        _ = try open(folder, plan, force: force)
      }
      #expect(error?.message.contains("another run") == true)
    }
    try first.add(row, at: 0)
    let path = try first.finish(metadata(plan, rowCount: 1))
    #expect(try ResultsFile.read(path: path) == [row])
  }

  @Test func `files that changed under the same name make another plan`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    func digest() async throws -> String {
      Plan(dataset: try await folder.dataset(), sweeps: [], metrics: [.mse]).digest
    }
    let before = try await digest()
    #expect(try await digest() == before)
    try folder.write(pnm(), to: "00.ppm")
    #expect(try await digest() != before)
  }

  @Test func `a folder that cannot be made is an error`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(1)
    try folder.write([], to: "file")
    #expect(throws: ResultsError.self) {
      _ = try ResultsWriter(
        folder: "\(folder.path)/file/below", plan: plan, identity: identity(plan), force: false)
    }
  }

  @Test func `the meta file reads back and holds no folder`() async throws {
    let folder = try TemporaryFolder()
    let plan = try await plan(1)
    let written = metadata(plan, rowCount: 1)
    let writer = try open(folder, plan)
    _ = try writer.finish(written)
    let url = URL(fileURLWithPath: "\(folder.path)/results.meta.json")
    #expect(try RunMetadata.read(from: url) == written)
    #expect(written.commandLine == ["rdbench", "run", "--output=results", "b.png"])
    #expect(written.start == "1970-01-01T00:00:00Z" && written.end == "1970-01-01T00:01:01Z")
    #expect(written.completed)
    #expect(folder.text("results.meta.json")?.contains("/home") == false)
  }
}
