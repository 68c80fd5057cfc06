import TestSupport
import Codecs
import HostileCodecs
import ImageMetrics
import Testing

@testable import Benchmarking
@testable import CodecWorkers
@testable import Results

/// Codecs whose results depend on more than the picture are found out.
@Suite(.timeLimit(.minutes(1))) struct VerificationTests {
  private func rows(
    _ sweeps: [Plan.Sweep], isolated: Bool, verifies: Bool = true, jobs: Int = 1
  ) async throws -> [ResultRow] {
    let folder = try TemporaryFolder()
    try folder.writePictures(2)
    let plan = Plan(
      dataset: try await folder.dataset(), sweeps: sweeps, metrics: [.mse], verifies: verifies)
    let isolation =
      isolated ? Isolation(scope: .allCodecs, launch: HostileWorker.launch) : .none
    return await Run.rows(of: plan, jobs: jobs, isolation: isolation).map {
      // Each call has a folder of another name.
      var row = $0
      row.subject.dataset = ""
      return row
    }
  }

  @Test(
    arguments: [
      (HostileCodec.Behaviour.wavers, "encoding again gave other bytes"),
      (.flickers, "decoding again gave other pixels"),
      (.collides, "encoding again gave other bytes"),
    ], [false, true])
  func `what does not come out the same is a failed row`(
    codec: (behaviour: HostileCodec.Behaviour, message: String), isolated: Bool
  ) async throws {
    let sweeps = [try Plan.Sweep.hostile(codec.behaviour), try .hostile(.works)]
    let rows = try await rows(sweeps, isolated: isolated)
    #expect(rows.map(\.status) == [.nondeterministic, .ok, .nondeterministic, .ok])
    #expect(rows[0].message == codec.message)
    #expect(rows[0].scores.isEmpty)
    #expect(rows[0].encodedBytes != nil)
    // Without a second look nobody notices.
    let unseen = try await self.rows(sweeps, isolated: isolated, verifies: false)
    #expect(unseen.allSatisfy { $0.status == .ok })
  }

  @Test func `another number of threads is tried, and named when it matters`() async throws {
    let codec = try HostileCodec.registry.codec(spec: "varies:variant=1")
    let other = try HostileCodec.registry.codec(spec: "varies:variant=2")
    let sweep = Plan.Sweep(codec: codec, points: .qualities([.value(50)]), counterpart: other)
    for isolated in [false, true] {
      let rows = try await rows([sweep], isolated: isolated)
      #expect(rows.map(\.status) == [.nondeterministic, .nondeterministic])
      #expect(rows[0].message == "encoding again with variant=2 gave other bytes")
    }
    let same = try await rows(
      [Plan.Sweep(codec: codec, points: .qualities([.value(50)]))], isolated: false)
    #expect(same.allSatisfy { $0.status == .ok })
  }

  @Test func `rows of a verified run are those of any run`() async throws {
    let sweeps = [
      try Plan.Sweep.hostile(.works), try .hostile(.shrinks), try .hostile(.crashesDecoding),
    ]
    let plain = try await rows(sweeps, isolated: true, verifies: false)
    #expect(try await rows(sweeps, isolated: true) == plain)
    #expect(plain.map(\.status) == [.ok, .wrongSize, .crashed, .ok, .wrongSize, .crashed])
  }
}
