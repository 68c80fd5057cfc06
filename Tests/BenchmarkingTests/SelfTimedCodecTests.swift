import TestSupport
import Codecs
import ImageMetrics
import Imaging
import Testing

@testable import Benchmarking
@testable import Results

/// A codec that says itself what its calls cost, and fails at will.
private struct ReportingCodec: SelfTimedCodec {
  var failure: CodecError.Kind?

  var descriptor: CodecDescriptor { TestCodec().descriptor }

  func measuredEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration) {
    if let failure { throw CodecError(codec: "works", kind: failure, message: "as asked") }
    return (
      try TestCodec().encode(image, at: quality),
      CallDuration(wallSeconds: 12.5, processorSeconds: 25)
    )
  }

  func measuredDecode(_ bytes: [UInt8]) throws(CodecError) -> (Image, CallDuration) {
    (try TestCodec().decode(bytes), CallDuration(wallSeconds: 0.5, processorSeconds: 0.25))
  }
}

@Suite struct SelfTimedCodecTests {
  private func row(_ codec: ReportingCodec, timingRepeats: Int = 0) async throws -> ResultRow {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [Plan.Sweep(codec: codec, points: .qualities([.value(8)]))], metrics: [.mse],
      timingRepeats: timingRepeats)
    for await case .row(_, let row) in Runner(plan: plan, jobs: 1, stopSignal: .init()).events() {
      return row
    }
    throw CancellationError()
  }

  @Test(arguments: [0, 3])
  func `what a codec reports of itself stands in the row`(timingRepeats: Int) async throws {
    let timing = try #require(
      try await row(ReportingCodec(), timingRepeats: timingRepeats).timing)
    #expect(timing.encodeSeconds == 12.5 && timing.encodeCPUSeconds == 25)
    #expect(timing.decodeSeconds == 0.5 && timing.decodeCPUSeconds == 0.25)
  }

  @Test func `a program that took too long is timed_out and no other failure is`() async throws {
    #expect(try await row(ReportingCodec(failure: .timedOut)).status == .timedOut)
    #expect(try await row(ReportingCodec(failure: .encodingFailed)).status == .encodeFailed)
  }
}
