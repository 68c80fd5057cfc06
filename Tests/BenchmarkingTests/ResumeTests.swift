import TestSupport
import Codecs
import Foundation
import Testing

@testable import Benchmarking
@testable import MeasurementStore
@testable import Results

/// Runs that go on where another one was broken off.
@Suite struct ResumeTests {
  private let pictures: TemporaryFolder
  private let folder: TemporaryFolder
  private let plan: Plan
  private let rows: [ResultRow]

  init() async throws {
    pictures = try TemporaryFolder()
    try pictures.writePictures(3)
    folder = try TemporaryFolder()
    plan = Plan(
      dataset: try await pictures.dataset(),
      sweeps: [
        Plan.Sweep(codec: TestCodec(), points: .qualities([.value(2), .value(8)])),
        Plan.Sweep(codec: try RawCodec.provider.codec(), points: .qualities([.fixed])),
      ], metrics: [.mse])
    let runner = Runner(plan: plan, jobs: 1, stopSignal: .init())
    var rows: [ResultRow] = []
    for await case .row(_, var row) in runner.events() {
      // As a library might give it.
      row.message = "a \"message\",\nin two lines"
      rows.append(row)
    }
    self.rows = rows
  }

  private func identity(_ settings: [String] = []) -> RunIdentity {
    RunIdentity(
      plan: plan, conditions: TimingConditions(timingRepeats: 0, jobs: 1), settings: settings)
  }

  private func open(
    settings: [String] = [], keeping: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ResultsWriter {
    var kept: [ResultRow] = []
    let writer = try ResultsWriter(
      folder: folder.path, plan: plan, identity: identity(settings), force: false,
      onKeptRow: { kept.append($0) })
    #expect(writer.keptRowCount == keeping, sourceLocation: sourceLocation)
    #expect(kept.map(ResultsFile.line) == lines(keeping), sourceLocation: sourceLocation)
    return writer
  }

  private func lines(_ count: Int) -> [String] { rows.prefix(count).map(ResultsFile.line) }

  private func lines(in path: String) throws -> [String] {
    try ResultsFile.read(path: path).map(ResultsFile.line)
  }

  private func finish(_ writer: ResultsWriter, rowCount: Int) throws -> String {
    try writer.finish(
      RunMetadata(
        plan: plan, commandLine: [], jobs: 1, start: Date(), end: Date(), pixelDigests: [:],
        rowCount: rowCount, failureCount: 0, fingerprint: identity().fingerprint))
  }

  /// Leaves a run as a kill does: some rows written, then a piece of the next.
  private func breakOff(after count: Int, piece: String = "") throws {
    var writer = try open(keeping: 0)
    for position in 0..<count { try writer.add(rows[position], at: position) }
    let file = URL(fileURLWithPath: "\(folder.path)/results.partial.csv")
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(piece.utf8))
  }

  @Test(arguments: 0...9)
  func `a killed run is gone on with, whatever it had written of the next row`(
    count: Int
  ) throws {
    let next = count < rows.count ? Array(ResultsFile.line(rows[count]).utf8) : []
    for length in [0, 1, next.count / 2, max(0, next.count - 1)] {
      try breakOff(after: count, piece: String(decoding: next.prefix(length), as: UTF8.self))
      var writer = try open(keeping: count)
      #expect(writer.rescuedPath == nil)
      for position in count..<rows.count { try writer.add(rows[position], at: position) }
      let path = try finish(writer, rowCount: rows.count)
      #expect(try lines(in: path) == lines(rows.count))
      #expect(try folder.contents() == ["results.csv", "results.meta.json"])
      for name in try folder.contents() {
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
      }
    }
  }

  @Test func `rows behind one that is damaged or out of place are not kept`() throws {
    let next = ResultsFile.line(rows[3])
    for text in [
      ResultsFile.line(rows[5]), ResultsFile.line(rows[2]), "\n",
      next.replacing(",ok,", with: ",okay,"), next.replacing(",2,", with: ",02,"),
      String(repeating: "\0", count: 100) + "\n",
    ] {
      #expect(text != next)
      try breakOff(after: 3, piece: text + ResultsFile.line(rows[4]))
      _ = try open(keeping: 3)
      try FileManager.default.removeItem(atPath: "\(folder.path)/results.partial.csv")
    }
  }

  @Test func `a stopped run is gone on with`() throws {
    try {
      var writer = try open(keeping: 0)
      for position in [0, 1, 2, 5] { try writer.add(rows[position], at: position) }
      let path = try finish(writer, rowCount: 4)
      #expect(try lines(in: path) == lines(3) + [ResultsFile.line(rows[5])])
    }()
    // Stopped once more before anything else was measured: nothing is lost.
    try {
      let path = try finish(try open(keeping: 3), rowCount: 3)
      #expect(path.hasSuffix("results.partial.csv"))
      #expect(try lines(in: "\(folder.path)/results.csv").count == 4)
    }()
    var writer = try open(keeping: 3)
    for position in 3..<rows.count { try writer.add(rows[position], at: position) }
    #expect(try lines(in: finish(writer, rowCount: rows.count)) == lines(rows.count))
  }

  @Test func `a complete run is made anew`() throws {
    try {
      var writer = try open(keeping: 0)
      for (position, row) in rows.enumerated() { try writer.add(row, at: position) }
      _ = try finish(writer, rowCount: rows.count)
    }()
    _ = try open(keeping: 0)
  }

  @Test func `another program, machine, setting or image makes another run`() throws {
    try breakOff(after: 4)
    let moved = try open(settings: ["timeout 5"], keeping: 0)
    #expect(moved.rescuedPath?.hasSuffix("results.partial-1.csv") == true)
    let before = identity()
    #expect(
      before.fingerprint
        != RunIdentity(plan: plan, conditions: TimingConditions(timingRepeats: 1, jobs: 1))
        .fingerprint)
    #expect(
      before.fingerprint
        != RunIdentity(plan: plan, conditions: TimingConditions(timingRepeats: 0, jobs: 8))
        .fingerprint)
    #expect(identity() == before)
    // The same bytes, written again: nobody can know that they are the same.
    let picture = try Data(contentsOf: URL(fileURLWithPath: "\(pictures.path)/01.ppm"))
    try pictures.write(picture, to: "01.ppm")
    #expect(identity().planDigest == before.planDigest)
    #expect(identity().fingerprint != before.fingerprint)
  }

  @Test(arguments: [1, 3])
  func `a runner leaves out the rows that are there`(jobs: Int) async throws {
    for kept in 0...rows.count {
      let runner = Runner(plan: plan, jobs: jobs, stopSignal: .init(), keptRowCount: kept)
      var positions: [Int] = []
      for await case .row(let position, let row) in runner.events() {
        positions.append(position)
        #expect(row.subject == rows[position].subject)
      }
      #expect(positions.sorted() == Array(kept..<rows.count))
    }
  }
}
