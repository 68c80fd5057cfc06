import TestSupport
import Codecs
import Foundation
import ImageMetrics
import Imaging
import Testing

@testable import Benchmarking
@testable import Files
@testable import Results

@Suite struct ImageArchiveTests {
  private func run(_ plan: Plan, keepingPicturesIn folder: String) async -> (
    rows: [ResultRow], archive: ImageArchive
  ) {
    let archive = ImageArchive(folder: folder)
    let runner = Runner(plan: plan, jobs: 2, stopSignal: .init(), archive: archive)
    var rows: [ResultRow] = []
    for await case .row(_, let row) in runner.events() { rows.append(row) }
    return (rows, archive)
  }

  @Test func `the pictures are the originals and what was scored`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(3)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [
        Plan.Sweep(codec: TestCodec(), points: .qualities([.value(2), .value(5)])),
        Plan.Sweep(codec: TestCodec(behaviour: .decodeFails), points: .qualities([.value(4)])),
      ],
      metrics: [.mse])
    let output = "\(folder.path)/out"
    let (rows, archive) = await run(plan, keepingPicturesIn: output)
    #expect(archive.failure == nil)
    #expect(rows.count == 9)
    for row in rows {
      let path = "\(output)/\(KeptPictures.reconstructionPath(of: row.subject))"
      guard row.status == .ok else {
        #expect(!FileManager.default.fileExists(atPath: path))
        continue
      }
      let original = KeptPictures.originalPath(
        dataset: row.subject.dataset, image: row.subject.image)
      let reference = try ImageFile.read(path: "\(output)/\(original)").image
      #expect(SHA256Digest.pixels(of: reference) == row.subject.imageSHA256)
      let reconstruction = try ImageFile.read(path: path).image
      let scores = try MetricSuite([.mse]).prepare(reference).scores(of: reconstruction)
      #expect(scores[.mse] == row.scores[.mse])
    }
  }

  @Test func `pictures that cannot be written cost no row`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(3)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [Plan.Sweep(codec: TestCodec(), points: .qualities([.value(2), .value(5)]))],
      metrics: [.mse])
    // A file where the folder should be.
    try folder.write([], to: "out/images")
    let (rows, archive) = await run(plan, keepingPicturesIn: "\(folder.path)/out")
    #expect(rows.count == 6 && rows.allSatisfy { $0.status == .ok })
    #expect(archive.failure?.hasPrefix("pictures are missing, as ") == true)
  }

  @Test func `side information is kept beside the reconstruction`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(1)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [Plan.Sweep(codec: DrawingCodec(), points: .qualities([.value(3)]))], metrics: [.mse])
    let (rows, archive) = await run(plan, keepingPicturesIn: folder.path)
    #expect(archive.failure == nil)
    let row = try #require(rows.first)
    let path = KeptPictures.sideInformationPath(of: row.subject, name: "first-byte")
    let picture = try ImageFile.read(path: "\(folder.path)/\(path)").image
    #expect(picture.samples == [0])
  }
}

/// A codec that draws the first byte of what it wrote.
private struct DrawingCodec: Codec {
  private let base = TestCodec()

  var descriptor: CodecDescriptor { base.descriptor }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    try base.encode(image, at: quality)
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image { try base.decode(bytes) }

  func sideInformation(
    in bytes: [UInt8]
  ) throws(CodecError) -> [SideInformationPicture] {
    let image = Image(width: 1, height: 1, colorModel: .gray, samples: [bytes[0]])
    return [SideInformationPicture(name: "first-byte", image: image)]
  }
}
