import TestSupport
import Codecs
import ImageMetrics
import Testing

@testable import Benchmarking
@testable import Results
@testable import Statistics

@Suite struct RunnerTests {
  /// All the rows of a run by position.
  private func rows(
    _ plan: Plan, jobs: Int = 1, stopSignal: Runner.StopSignal = .init()
  ) async -> [Int: ResultRow] {
    let runner = Runner(plan: plan, jobs: jobs, stopSignal: stopSignal)
    var rows: [Int: ResultRow] = [:]
    for await case .row(let position, let row) in runner.events() {
      #expect(rows.updateValue(row, forKey: position) == nil)
    }
    return rows
  }

  private func sweep(_ codec: TestCodec, _ qualities: [Double] = [2, 8]) -> Plan.Sweep {
    Plan.Sweep(codec: codec, points: .qualities(qualities.map(Quality.value)))
  }

  private func withoutTimes(_ row: ResultRow) -> ResultRow {
    var row = row
    row.timing = nil
    row.jobs = nil
    return row
  }

  @Test func `each position of the plan gets its row, whatever the number of jobs`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(9)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [sweep(TestCodec()), sweep(TestCodec(behaviour: .describesSections), [5])],
      metrics: MetricID.allCases)
    let alone = await rows(plan)
    #expect(alone.count == plan.measurementCount)
    #expect(plan.measurementCount == 27)
    for (position, row) in alone {
      #expect(row.subject.image == "0\(position / 3).ppm")
      #expect(row.subject.codec == ["works", "works", "describesSections"][position % 3])
      #expect(row.subject.quality == .value([2, 8, 5][position % 3]))
      #expect(row.status == .ok)
      #expect(row.timing != nil)
    }
    let together = await rows(plan, jobs: 8)
    #expect(together.mapValues(withoutTimes) == alone.mapValues(withoutTimes))
  }

  @Test func `all bytes count, and an exact codec has no error`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let plan = Plan(
      dataset: try await folder.dataset(), sweeps: [sweep(TestCodec(), [8])],
      metrics: MetricID.allCases)
    let row = try #require(await rows(plan)[0])
    let bytes = 1 + "P6\n17 23\n255\n".utf8.count + 17 * 23 * 3
    #expect(row.encodedBytes == bytes)
    #expect(row.bitsPerPixel == 8 * Double(bytes) / Double(17 * 23))
    #expect(row.scores[.mse] == 0)
    #expect(row.scores[.psnr] == .infinity)
    #expect(row.scores[.ssim] == 1)
    #expect(row.scores[.msSSIM] == nil)
  }

  @Test func `only the metrics that were asked for are in the rows`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let plan = Plan(
      dataset: try await folder.dataset(), sweeps: [sweep(TestCodec(), [4])],
      metrics: [.psnr, .ssimY])
    let row = try #require(await rows(plan)[0])
    #expect(Set(row.scores.keys) == [.psnr, .ssimY])
  }

  @Test(arguments: [
    (TestCodec.Behaviour.encodeFails, ResultRow.Status.encodeFailed, "it never encodes"),
    (.decodeFails, .decodeFailed, "it never decodes"),
    (.decodesToAnotherSize, .wrongSize, "decoded to 1×1 pixels, the original has 17×23"),
  ])
  func `a codec that fails costs its own rows only`(
    behaviour: TestCodec.Behaviour, status: ResultRow.Status, message: String
  ) async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(2)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [sweep(TestCodec(behaviour: behaviour), [4]), sweep(TestCodec(), [4])],
      metrics: [.mse])
    let rows = await rows(plan, jobs: 2)
    #expect(rows.count == 4)
    let bad = try #require(rows[0])
    #expect(bad.status == status)
    #expect(bad.message == message)
    #expect(bad.scores.isEmpty)
    #expect((bad.encodedBytes == nil) == (status == .encodeFailed))
    #expect(rows[1]?.status == .ok && rows[3]?.status == .ok)
  }

  @Test func `an image that cannot be read costs its own rows only`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(2)
    try folder.write(Array("no picture".utf8), to: "00.ppm")
    let plan = Plan(
      dataset: try await folder.dataset(), sweeps: [sweep(TestCodec())], metrics: [.mse])
    let rows = await rows(plan)
    for position in 0...1 {
      #expect(rows[position]?.status == .encodeFailed)
      #expect(rows[position]?.message.hasPrefix("the image cannot be read: ") == true)
      #expect(rows[position]?.subject.width == nil)
    }
    #expect(rows[2]?.status == .ok && rows[3]?.status == .ok)
  }

  @Test func `a stopped run keeps what is measured`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(5)
    let signal = Runner.StopSignal()
    let codec = TestCodec(onEncode: { signal.request() })
    let plan = Plan(
      dataset: try await folder.dataset(), sweeps: [sweep(codec)], metrics: [.mse])
    let rows = await rows(plan, stopSignal: signal)
    #expect(rows.count == 1)
    #expect(rows[0]?.status == .ok)
  }

  @Test func `repeated timing calls the codec once to warm up and then as often as asked`()
    async throws
  {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let calls = Counter()
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [sweep(TestCodec(onEncode: { calls.increment() }), [4])], metrics: [.mse],
      timingRepeats: 3)
    #expect(await rows(plan)[0]?.status == .ok)
    #expect(calls.value == 4)
  }

  @Test func `timing rounds are shuffled, and the same for the same pictures`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let dataset = try await folder.dataset()
    var orders: [[Double]] = []
    for _ in 0..<2 {
      let qualities = Recorder()
      let codec = TestCodec(onEncodeAt: { qualities.add($0) })
      let plan = Plan(
        dataset: dataset, sweeps: [sweep(codec, [1, 2, 3, 4, 5, 6, 7])], metrics: [.mse],
        timingRepeats: 2)
      let rows = await rows(plan)
      #expect(rows.count == 7)
      for row in rows.values {
        let timing = try #require(row.timing)
        #expect(timing.encodeDeviation ?? -1 >= 0)
        #expect(timing.decodeDeviation ?? -1 >= 0)
      }
      orders.append(qualities.values)
    }
    #expect(orders[0] == orders[1])
    let rounds = [orders[0].prefix(7), orders[0].dropFirst(7).prefix(7), orders[0].suffix(7)]
    // The warm-up goes by the plan, and no round like another.
    #expect(Array(rounds[0]) == [1, 2, 3, 4, 5, 6, 7])
    #expect(rounds[1].sorted() == Array(rounds[0]) && rounds[2].sorted() == Array(rounds[0]))
    #expect(Set(rounds.map(Array.init)).count == 3)
  }

  @Test func `a spread is relative to the median and remembers the largest`() {
    #expect(medianAbsoluteDeviation([1, 2, 9]) == 1)
    #expect(medianAbsoluteDeviation([4]) == 0)
    var spread = TimingSpread()
    spread.add(nil, of: 1)
    #expect(spread == TimingSpread())
    spread.add(0.1, of: 1)
    spread.add(0.6, of: 2)
    #expect(spread.calls == 2)
    #expect(abs(spread.mean - 0.2) < 1e-12)
    #expect(spread.largest == 0.3)
    var other = TimingSpread()
    other.add(0.5, of: 1)
    let merged = TimingSpread(merging: [spread, TimingSpread(), other])
    #expect(merged.calls == 3)
    #expect(abs(merged.mean - 0.3) < 1e-12)
    #expect(merged.largest == 0.5)
  }

  @Test func `a median is the middle value or the mean of the two middle ones`() {
    #expect(median([3]) == 3)
    #expect(median([9, 1, 4]) == 4)
    #expect(median([4, 1, 2, 9]) == 3)
  }
}
