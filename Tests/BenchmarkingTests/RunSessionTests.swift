import TestSupport
import Codecs
import Foundation
import ImageMetrics
import Synchronization
import Testing

@testable import Benchmarking
@testable import MeasurementStore
@testable import Results

/// Runs from the plan to the files.
@Suite struct RunSessionTests {
  private let pictures: TemporaryFolder
  private let folder: TemporaryFolder

  init() throws {
    pictures = try TemporaryFolder()
    try pictures.writePictures(3)
    folder = try TemporaryFolder()
  }

  /// Writes down what it is told, and can act when a measurement has ended.
  private struct Log: RunObserver {
    var events: [String] = []
    var rows: [ResultRow] = []
    var onRow: (Int) throws -> Void = { _ in }

    mutating func measurementsBegin(count: Int, done: Int) {
      events.append("begin \(done) of \(count)")
    }

    mutating func measured(_ row: ResultRow) {
      rows.append(row)
      try? onRow(rows.count)
    }

    mutating func warned(_ sentence: String) { events.append(sentence) }

    mutating func measurementsEnded() { events.append("end") }
  }

  private func plan(
    _ codec: any Codec = TestCodec(), _ points: Plan.Points = .qualities([.value(2), .value(8)])
  ) async throws -> Plan {
    Plan(
      dataset: try await pictures.dataset(), sweeps: [Plan.Sweep(codec: codec, points: points)],
      metrics: [.mse])
  }

  private func options(
    _ change: (inout RunSession.Options) -> Void = { _ in }
  ) -> RunSession.Options {
    var options = RunSession.Options()
    options.folder = folder.path
    options.commandLine = ["rdbench", "run", "/a/b"]
    change(&options)
    return options
  }

  private func lines() throws -> [ResultRow] {
    try ResultsFile.read(path: "\(folder.path)/results.csv")
  }

  private func metadata() throws -> RunMetadata {
    try RunMetadata.read(from: URL(fileURLWithPath: "\(folder.path)/results.meta.json"))
  }

  @Test func `a run writes its rows in the order of the plan and describes itself`() async throws {
    let plan = try await plan()
    var observer = Log()
    let outcome = try await RunSession(plan: plan, options: options { $0.jobs = 3 })
      .run(observer: &observer)
    let rows = try lines()
    #expect(rows.map(\.subject.image) == ["00", "00", "01", "01", "02", "02"].map { "\($0).ppm" })
    #expect(rows.map(\.subject.quality.number) == [2, 8, 2, 8, 2, 8])
    #expect(observer.events == ["begin 0 of 6", "end"])
    #expect(observer.rows.count == 6)
    #expect(outcome.path == "\(folder.path)/results.csv")
    #expect(outcome.report.rowCount == 6 && outcome.report.failedMeasurementCount == 0)
    #expect(outcome.reuse == RunMetadata.Reuse() && outcome.pictureFailure == nil)
    #expect(outcome.wallSeconds > 0 && outcome.report.costs.total > 0)
    let metadata = try metadata()
    #expect(metadata.completed && metadata.rows == 6 && metadata.jobs == 3)
    #expect(metadata.commandLine == ["rdbench", "run", "b"])
    #expect(metadata.planDigest == plan.digest)
  }

  @Test func `a stopped run is gone on with where it was`() async throws {
    let stopSignal = Runner.StopSignal()
    let encodes = Counter()
    let codec = TestCodec(onEncode: {
      encodes.increment()
      if encodes.value == 3 { stopSignal.request() }
    })
    let plan = try await plan(codec)
    var observer = Log()
    let first = try await RunSession(plan: plan, options: options(), stopSignal: stopSignal)
      .run(observer: &observer)
    #expect(first.report.rowCount == 3)
    #expect(try metadata().completed == false)
    var second = Log()
    let outcome = try await RunSession(plan: plan, options: options()).run(observer: &second)
    #expect(
      second.events == [
        "going on after 3 rows of a run that was broken off", "begin 3 of 6", "end",
      ])
    #expect(second.rows.count == 3 && encodes.value == 6)
    #expect(outcome.report.rowCount == 6 && outcome.reuse.resumedRows == 3)
    #expect(try lines().count == 6 && metadata().completed)
    #expect(try metadata().reuse?.resumedRows == 3)
  }

  @Test func `a store spares the second run its measurements`() async throws {
    let store = RunSession.StoreUse.of(.init(option: "\(folder.path)/store", environment: [:]))
    let encodes = Counter()
    let plan = try await plan(TestCodec(onEncode: { encodes.increment() }))
    for (reused, count) in [(0, 6), (6, 6)] {
      var observer = Log()
      let outcome = try await RunSession(plan: plan, options: options { $0.store = store })
        .run(observer: &observer)
      #expect(outcome.reuse.reusedRows == reused)
      #expect(encodes.value == count)
      #expect(observer.events == ["begin 0 of 6", "end"])
    }
  }

  @Test func `only a store that somebody asked for has to work`() async throws {
    try folder.write([], to: "file")
    let plan = try await plan()
    let chosen = MeasurementStore.Location(option: "\(folder.path)/file/store", environment: [:])
    var observer = Log()
    await #expect(throws: RunSessionError.self) {
      try await RunSession(plan: plan, options: options { $0.store = .of(chosen) })
        .run(observer: &observer)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/results.csv"))
    let usual = MeasurementStore.Location(
      option: nil, environment: ["XDG_CACHE_HOME": "\(folder.path)/file"])
    #expect(!usual.isChosen && usual.path.hasPrefix(folder.path))
    let outcome = try await RunSession(plan: plan, options: options { $0.store = .of(usual) })
      .run(observer: &observer)
    #expect(outcome.report.rowCount == 6)
    #expect(
      observer.events.first?.hasPrefix("nothing is re-used or kept for later runs: ") == true)
  }

  @Test func `the results of another plan are only replaced when asked`() async throws {
    var observer = Log()
    _ = try await RunSession(plan: try await plan(), options: options()).run(observer: &observer)
    let other = try await plan(TestCodec(), .qualities([.value(5)]))
    await #expect {
      try await RunSession(plan: other, options: options()).run(observer: &observer)
    } throws: { error in
      (error as? RunSessionError)?.message.contains("results of another plan") == true
    }
    let outcome = try await RunSession(
      plan: other, options: options { $0.replacesOtherPlans = true }
    ).run(observer: &observer)
    #expect(outcome.report.rowCount == 3)
    #expect(try lines().count == 3)
  }

  @Test func `so many failures end the run`() async throws {
    // Each call waits until the row of the one before was taken, so that the runner is at most one
    // measurement ahead.
    let permits = DispatchSemaphore(value: 1)
    let codec = TestCodec(behaviour: .encodeFails, onEncode: { permits.wait() })
    var observer = Log(onRow: { _ in permits.signal() })
    let outcome = try await RunSession(
      plan: try await plan(codec), options: options { $0.maximumFailures = 2 }
    ).run(observer: &observer)
    #expect((2...3).contains(outcome.report.failedMeasurementCount))
    #expect(try !metadata().completed)
  }

  @Test func `pictures are kept beside the rows`() async throws {
    var observer = Log()
    let plan = try await plan()
    let outcome = try await RunSession(plan: plan, options: options { $0.keepsPictures = true })
      .run(observer: &observer)
    #expect(outcome.pictureFailure == nil)
    let subject = try #require(try lines().first).subject
    let path = "\(folder.path)/\(KeptPictures.reconstructionPath(of: subject))"
    #expect(FileManager.default.fileExists(atPath: path))
    // A run that keeps pictures is another one than a run that does not.
    let kept = try metadata().fingerprint
    _ = try await RunSession(plan: plan, options: options()).run(observer: &observer)
    #expect(try metadata().fingerprint != kept)
  }

  // MARK: Budgets

  private static let candidates = [1, 2, 3, 4, 6, 8].map(Quality.value)

  @Test func `a budget writes nothing before all candidates are measured`() async throws {
    let plan = try await plan(
      SizedCodec(), .budget(Target(.totalBytes, 6000), candidates: Self.candidates))
    let partial = "\(folder.path)/results.partial.csv"
    let sizes = Mutex<[Int]>([])
    var observer = Log(onRow: { _ in
      let size = FileManager.default.contents(atPath: partial)?.count ?? -1
      sizes.withLock { $0.append(size) }
    })
    let outcome = try await RunSession(plan: plan, options: options()).run(observer: &observer)
    #expect(observer.events == ["begin 0 of 18", "end"])
    #expect(sizes.withLock { $0 } == Array(repeating: ResultsFile.header.utf8.count, count: 18))
    let rows = try lines()
    #expect(rows.count == 3 && outcome.report.rowCount == 3)
    #expect(rows.allSatisfy { $0.subject.target?.text == "total_bytes=6000" })
    #expect(rows.compactMap(\.encodedBytes).reduce(0, +) <= 6000)
    #expect(try metadata().completed)
  }

  @Test func `a budget's run that is stopped chooses nothing`() async throws {
    let stopSignal = Runner.StopSignal()
    let plan = try await plan(
      SizedCodec(), .budget(Target(.totalBytes, 6000), candidates: Self.candidates))
    var observer = Log(onRow: { if $0 == 17 { stopSignal.request() } })
    let outcome = try await RunSession(plan: plan, options: options(), stopSignal: stopSignal)
      .run(observer: &observer)
    #expect(outcome.report.rowCount == 0)
    #expect(try lines().isEmpty)
    #expect(try !metadata().completed)
  }

  @Test func `failed candidates count as failures`() async throws {
    let plan = try await plan(
      SizedCodec(behaviour: .encodeFails),
      .budget(Target(.totalBytes, 6000), candidates: Self.candidates))
    var observer = Log()
    let outcome = try await RunSession(plan: plan, options: options { $0.maximumFailures = 4 })
      .run(observer: &observer)
    #expect(outcome.report.failureCount == 0)
    #expect(outcome.report.failedCandidateCount >= 4)
    #expect(outcome.report.rowCount == 0)
  }

  @Test func `a plan without a budget has nothing to choose`() async throws {
    #expect(BudgetSelection(try await plan()) == nil)
    #expect(
      BudgetSelection(try await plan(TestCodec(), .targets([Target(.bitsPerPixel, 1)]))) == nil)
  }
}
