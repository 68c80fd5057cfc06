import TestSupport
import Codecs
import Foundation
import GRDB
import ImageMetrics
import Testing

@testable import Benchmarking
@testable import MeasurementStore
@testable import Results

/// Runs that share a store.
@Suite struct CachedRunTests {
  private let pictures: TemporaryFolder
  private let folder: TemporaryFolder

  init() throws {
    pictures = try TemporaryFolder()
    try pictures.writePictures(4)
    folder = try TemporaryFolder()
  }

  /// The rows of a run, and how many of them it did not measure.
  private func run(
    _ codec: any Codec, metrics: [MetricID] = MetricID.allCases, timingRepeats: Int = 0,
    jobs: Int = 1, store: MeasurementStore? = nil
  ) async throws -> (rows: [ResultRow], counts: MeasurementCache.Counts, failure: StoreError?) {
    let plan = Plan(
      dataset: try await pictures.dataset(),
      sweeps: [Plan.Sweep(codec: codec, points: .qualities([.value(2), .value(4), .value(8)]))],
      metrics: metrics, timingRepeats: timingRepeats)
    let cache = MeasurementCache(
      try store ?? MeasurementStore(path: folder.path),
      conditions: TimingConditions(timingRepeats: timingRepeats, jobs: jobs))
    let runner = Runner(plan: plan, jobs: jobs, stopSignal: .init(), cache: cache)
    var rows: [Int: ResultRow] = [:]
    for await case .row(let position, let row) in runner.events() { rows[position] = row }
    return (rows.sorted { $0.key < $1.key }.map(\.value), cache.counts, cache.failure)
  }

  private func withoutTimes(_ rows: [ResultRow]) -> [ResultRow] {
    rows.map {
      var row = $0
      row.timing = nil
      return row
    }
  }

  @Test func `a second run re-uses every row, seconds included`() async throws {
    let codec = RowMeanCodec()
    let first = try await run(codec)
    #expect(first.counts.reusedRows == 0)
    #expect(first.rows.allSatisfy { $0.status == .ok })
    let second = try await run(codec)
    #expect(second.rows == first.rows)
    #expect(second.counts.reusedRows == 12)
    #expect(codec.encodes.value == 12 && codec.decodes.value == 12)
    // Seconds beside other jobs are other seconds.
    let beside = try await run(codec, jobs: 4)
    #expect(beside.rows.allSatisfy { $0.jobs == 4 } && first.rows.allSatisfy { $0.jobs == 1 })
    #expect(beside.counts.reusedRows == 0 && codec.encodes.value == 24)
    #expect(try await run(codec, jobs: 4).rows == beside.rows)
    #expect(try await run(codec).rows == first.rows)
    #expect(codec.encodes.value == 24)
  }

  @Test func `fewer metrics leave their columns empty`() async throws {
    let codec = RowMeanCodec()
    _ = try await run(codec)
    let second = try await run(codec, metrics: [.ssim])
    #expect(second.rows.allSatisfy { Set($0.scores.keys) == [.ssim] })
    #expect(codec.encodes.value == 12)
  }

  @Test func `new metrics are computed of the stored bytes without encoding`() async throws {
    let codec = RowMeanCodec()
    let complete = withoutTimes(try await run(RowMeanCodec(), store: nil).rows)
    let other = try TemporaryFolder()
    let store = try MeasurementStore(path: other.path)
    let first = try await run(codec, metrics: [.mse, .ssimY], store: store)
    let second = try await run(codec, store: store)
    #expect(codec.encodes.value == 12 && codec.decodes.value == 24)
    #expect(second.counts.rescoredRows == 12 && second.counts.reusedRows == 0)
    #expect(withoutTimes(second.rows) == complete)
    #expect(second.rows.map(\.timing) == first.rows.map(\.timing))
    let third = try await run(codec, store: store)
    #expect(third.rows == second.rows)
    #expect(third.counts.reusedRows == 12)
    #expect(codec.decodes.value == 24)
  }

  @Test func `damaged and missing bitstreams are measured again`() async throws {
    let codec = RowMeanCodec()
    let store = try MeasurementStore(path: folder.path)
    let first = try await run(codec, metrics: [.mse], store: store)
    let digests = Set(first.rows.compactMap(\.bitstreamSHA256)).sorted()
    let damaged = store.bitstreams.file(digests[0])
    try Data("damaged".utf8).write(to: URL(fileURLWithPath: damaged))
    try FileManager.default.removeItem(atPath: store.bitstreams.file(digests[1]))
    let affected = first.rows.count { digests[0...1].contains($0.bitstreamSHA256 ?? "") }
    let second = try await run(codec, metrics: [.mse, .psnr], store: store)
    #expect(second.counts.rescoredRows == 12 - affected)
    #expect(codec.encodes.value == 12 + affected)
    #expect(second.rows.allSatisfy { $0.scores[.psnr] != nil })
    #expect(store.bitstreams.read(digests[0]) != nil && store.bitstreams.read(digests[1]) != nil)
  }

  @Test func `another version, and our own code, are measured anew`() async throws {
    _ = try await run(RowMeanCodec())
    for codec in [RowMeanCodec(version: "2"), RowMeanCodec(isOwnCode: true)] {
      #expect(try await run(codec).counts.reusedRows == 0)
      #expect(codec.encodes.value == 12)
    }
  }

  @Test func `seconds of another number of repeats are not re-used`() async throws {
    let codec = RowMeanCodec()
    let once = try await run(codec)
    let repeated = try await run(codec, timingRepeats: 2)
    #expect(repeated.counts.reusedRows == 0)
    #expect(withoutTimes(repeated.rows) == withoutTimes(once.rows))
    // Both are there now; with repeats the number of jobs matters too.
    #expect(try await run(codec).rows == once.rows)
    // Deviations are in no file, so lines are compared.
    let found = try await run(codec, timingRepeats: 2)
    #expect(found.rows.map(ResultsFile.line) == repeated.rows.map(ResultsFile.line))
    #expect(try await run(codec, timingRepeats: 2, jobs: 2).counts.reusedRows == 0)
  }

  @Test func `failures are tried again`() async throws {
    let codec = TestCodec(behaviour: .decodeFails)
    for _ in 0..<2 {
      let outcome = try await run(codec)
      #expect(outcome.rows.allSatisfy { $0.status == .decodeFailed })
      #expect(outcome.counts.reusedRows == 0)
    }
  }

  @Test func `a store that fails in the middle does not end the run`() async throws {
    let store = try MeasurementStore(path: folder.path)
    try await store.index.write { try $0.execute(sql: "DROP TABLE score") }
    let outcome = try await run(RowMeanCodec(), store: store)
    #expect(outcome.rows.count == 12 && outcome.rows.allSatisfy { $0.status == .ok })
    #expect(outcome.failure?.kind == .inaccessible)
  }

  @Test func `several runs side by side share a store`() async throws {
    let codec = RowMeanCodec()
    let all = try await withThrowingTaskGroup(of: [ResultRow].self) { group in
      for _ in 0..<4 {
        group.addTask { [self] in
          let outcome = try await run(codec, jobs: 2)
          #expect(outcome.failure == nil)
          return withoutTimes(outcome.rows)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.count == 4 && all.allSatisfy { $0 == all[0] })
    #expect(try MeasurementStore(path: folder.path).status().measurements == 12)
  }
}
