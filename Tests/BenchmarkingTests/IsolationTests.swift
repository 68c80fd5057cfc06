import TestSupport
import Codecs
import Foundation
import HostileCodecs
import ImageMetrics
import Testing

@testable import Benchmarking
@testable import CodecWorkers
@testable import Results

/// Codecs that misbehave cost their own rows and nothing else.
@Suite(.timeLimit(.minutes(2))) struct IsolationTests {
  private func isolation(_ limits: Isolation.Limits = .init()) -> Isolation {
    Isolation(scope: .allCodecs, launch: HostileWorker.launch, limits: limits)
  }

  /// The rows of one bad codec and, after it, of one that works.
  private func rows(
    _ behaviour: HostileCodec.Behaviour, images: Int = 2, _ limits: Isolation.Limits = .init()
  ) async throws -> [ResultRow] {
    let folder = try TemporaryFolder()
    try folder.writePictures(images)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [try .hostile(behaviour), try .hostile(.works, variant: 1)], metrics: [.mse])
    return await Run.rows(of: plan, isolation: isolation(limits))
  }

  @Test(arguments: [
    (HostileCodec.Behaviour.crashes, ResultRow.Status.crashed, "segmentation fault (SIGSEGV)"),
    (.crashesDecoding, .crashed, "while decoding: segmentation fault (SIGSEGV)"),
    (.traps, .crashed, "while encoding: "),
    (.exits, .crashed, "ended with exit code 0 while encoding"),
    (.shrinks, .wrongSize, "decoded to 1×1 pixels"),
    (.scribbles, .crashed, "sent something that is no answer"),
  ])
  func `each way to fail is a row that says so`(
    behaviour: HostileCodec.Behaviour, status: ResultRow.Status, message: String
  ) async throws {
    let rows = try await rows(behaviour)
    #expect(rows.map(\.status) == [status, .ok, status, .ok])
    #expect(rows[0].message.contains(message), "\(rows[0].message)")
    #expect(rows[2].message.contains(message))
    #expect(rows[0].scores.isEmpty)
    #expect(rows[1].scores[.mse] == 0)
    #expect(
      (rows[0].encodedBytes != nil) == (behaviour == .crashesDecoding || behaviour == .shrinks))
  }

  @Test(arguments: [HostileCodec.Behaviour.hangs, .closes, .waits])
  func `a codec that never comes back is killed`(behaviour: HostileCodec.Behaviour) async throws {
    // Long enough for the codec that works, whatever else the machine has to do.
    let rows = try await rows(behaviour, images: 1, .init(callSeconds: 12.5))
    #expect(rows.map(\.status) == [.timedOut, .ok])
    #expect(rows[0].message == "encoding took longer than 12.5 s")
  }

  @Test func `a codec that fills memory is stopped at the limit`() async throws {
    let limit = 200_000_000
    let rows = try await rows(.allocates, images: 1, .init(residentBytes: limit))
    #expect(rows.map(\.status) == [.outOfMemory, .ok])
    #expect(rows[0].message == "encoding took more than \(limit) bytes of memory")
  }

  @Test func `what a codec prints disturbs nothing`() async throws {
    let rows = try await rows(.prints)
    #expect(rows.allSatisfy { $0.status == .ok && $0.scores[.mse] == 0 })
  }

  @Test func `a message beyond measure is cut`() async throws {
    let rows = try await rows(.rambles)
    #expect(rows.map(\.status) == [.encodeFailed, .ok, .encodeFailed, .ok])
    #expect(rows[0].message.hasPrefix("blah blah"))
    #expect(rows[0].message.count == 1000)
  }

  @Test func `a program that cannot be started is a row as well`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let plan = Plan(
      dataset: try await folder.dataset(), sweeps: [try .hostile(.works)], metrics: [.mse])
    for (program, message) in [
      ("/no/such/program", "the codec's process cannot be started: No such file or directory"),
      ("/bin/true", "the codec's process ended with exit code 0 while starting"),
      ("/bin/echo", "the codec's process ended with exit code 0 while starting"),
    ] {
      let isolation = Isolation(scope: .allCodecs, launch: WorkerLaunch(executable: program))
      let rows = await Run.rows(of: plan, isolation: isolation)
      #expect(rows.map(\.status) == [.crashed])
      #expect(rows[0].message == message)
    }
  }

  @Test func `rows are the same with and without isolation, for any number of jobs`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(9)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [try .hostile(.works), try .hostile(.shrinks)], metrics: MetricID.allCases)
    let here = await Run.rows(of: plan, isolation: .none)
    #expect(here.count == 18)
    for jobs in [1, 8] {
      #expect(await Run.rows(of: plan, jobs: jobs, isolation: isolation()) == here)
    }
  }

  @Test func `codecs go where their descriptor wants them`() async throws {
    let works = try HostileCodec.registry.codec(spec: "works")
    let raw = try RawCodec.provider.codec()
    let launch = HostileWorker.launch
    #expect(Isolation(scope: .byDefault, launch: launch).includes(works))
    #expect(!Isolation(scope: .byDefault, launch: launch).includes(raw))
    #expect(Isolation(scope: .allCodecs, launch: launch).includes(raw))
    #expect(!Isolation(scope: .noCodec, launch: launch).includes(works))
    let registry = HostileCodec.registry
    let foreign = try registry.codec(spec: "wrapped:base=works")
    #expect(Isolation(scope: .byDefault, launch: launch).includes(foreign))
    #expect(
      !Isolation(scope: .byDefault, launch: launch).includes(try registry.codec(spec: "wrapped")))
  }

  @Test func `a codec around a library that others maintain works whole in a worker`() async throws
  {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    func sweep(_ base: String) throws -> Plan.Sweep {
      Plan.Sweep(
        codec: try HostileCodec.registry.codec(spec: "wrapped:base=\(base)"),
        points: .qualities([.value(50)]))
    }
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [
        try sweep("works"), try sweep("crashes"), try sweep("wrapped:base.base=crashes-decoding"),
      ], metrics: [.mse])
    let rows = await Run.rows(of: plan, isolation: isolation())
    #expect(rows.map(\.status) == [.ok, .crashed, .crashed])
    #expect(rows[0].sections.map(\.name.rawValue) == ["header", "base.header", "base.payload"])
    #expect(rows[0].sections.map(\.byteCount).reduce(0, +) == rows[0].encodedBytes)
  }
}

/// The worker program of these tests.
enum HostileWorker {
  /// The program beside the tests.
  static let executable: URL = {
    #if os(Linux)
      let tests = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    #else
      let tests = Bundle(for: Anchor.self).bundleURL
    #endif
    return tests.deletingLastPathComponent().appendingPathComponent("HostileProgram")
  }()

  static let launch = WorkerLaunch(executable: executable.path, arguments: ["worker"])

  private final class Anchor {}
}

extension Plan.Sweep {
  /// One quality of a hostile codec.
  static func hostile(
    _ behaviour: HostileCodec.Behaviour, variant: Int = 0
  ) throws -> Plan.Sweep {
    let codec = try HostileCodec.registry.codec(spec: "\(behaviour.rawValue):variant=\(variant)")
    return Plan.Sweep(codec: codec, points: .qualities([.value(50)]))
  }
}

/// Runs plans for tests.
enum Run {
  /// All the rows in the plan's order, without their times.
  static func rows(of plan: Plan, jobs: Int = 1, isolation: Isolation) async -> [ResultRow] {
    let runner = Runner(plan: plan, jobs: jobs, isolation: isolation, stopSignal: .init())
    var rows: [Int: ResultRow] = [:]
    for await case .row(let position, var row) in runner.events() {
      row.timing = nil
      row.jobs = nil
      rows[position] = row
    }
    return rows.sorted { $0.key < $1.key }.map(\.value)
  }
}
