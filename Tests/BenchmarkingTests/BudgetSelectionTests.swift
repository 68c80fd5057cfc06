import TestSupport
import Codecs
import Imaging
import ImageMetrics
import Testing

@testable import Benchmarking
@testable import Results

@Suite struct BudgetSelectionTests {
  /// A selection over the pictures of a folder, and its measurements in the order of `positions`.
  private func selection(
    _ folder: TemporaryFolder, _ budget: Target, behaviour: TestCodec.Behaviour = .works,
    reversed: Bool = false
  ) async throws -> (selection: BudgetSelection, measured: [ResultRow]) {
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [
        Plan.Sweep(
          codec: SizedCodec(behaviour: behaviour),
          points: .budget(budget, candidates: [1, 2, 3, 4, 6, 8].map(Quality.value)))
      ],
      metrics: [.mse])
    var selection = try #require(BudgetSelection(plan))
    let runner = Runner(
      plan: selection.measurements, jobs: 2, stopSignal: Runner.StopSignal())
    var rows: [(position: Int, row: ResultRow)] = []
    for await case .row(let position, let row) in runner.events() { rows.append((position, row)) }
    rows.sort { reversed ? $0.position > $1.position : $0.position < $1.position }
    for (position, row) in rows { selection.add(row, at: position) }
    return (selection, rows.map(\.row))
  }

  @Test func `the chosen files keep the budget and leave no step unspent`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(5)
    let (selection, measured) = try await selection(folder, Target(.totalBytes, 8000))
    let rows = selection.rows()
    #expect(rows.map(\.subject.image) == (0..<5).map { "0\($0).ppm" })
    #expect(rows.allSatisfy { $0.status == .ok && $0.subject.target?.text == "total_bytes=8000" })
    let total = rows.compactMap(\.encodedBytes).reduce(0, +)
    #expect(total <= 8000)
    // With each image's next larger file the budget would be exceeded.
    for row in rows {
      let larger = measured.filter {
        $0.subject.image == row.subject.image && $0.encodedBytes ?? 0 > row.encodedBytes ?? 0
      }
      guard let next = larger.compactMap(\.encodedBytes).min() else { continue }
      #expect(total - (row.encodedBytes ?? 0) + next > 8000)
    }
  }

  @Test func `bits per pixel of a set are all bits over all pixels`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(4)
    let pixels = (0..<4).map { (17 + $0) * 23 }.reduce(0, +)
    let (mean, _) = try await selection(folder, Target(.meanBitsPerPixel, 28))
    let (total, _) = try await selection(folder, Target(.totalBytes, 3.5 * Double(pixels)))
    #expect(mean.rows().allSatisfy { $0.status == .ok })
    #expect(mean.rows().map(\.subject.quality) == total.rows().map(\.subject.quality))
  }

  @Test func `the order in which rows come does not matter`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(4)
    let (forwards, _) = try await selection(folder, Target(.totalBytes, 6500))
    let (backwards, _) = try await selection(folder, Target(.totalBytes, 6500), reversed: true)
    let qualities = forwards.rows().map(\.subject.quality)
    #expect(forwards.rows().allSatisfy { $0.status == .ok })
    #expect(backwards.rows().map(\.subject.quality) == qualities)
  }

  @Test func `a budget below the smallest files is unreachable`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(2)
    let (selection, _) = try await selection(folder, Target(.totalBytes, 100))
    let rows = selection.rows()
    #expect(rows.map(\.status) == [.unreachable, .unreachable])
    #expect(rows.allSatisfy { $0.subject.quality == .value(1) })
  }

  @Test func `an image that fails has its failure row`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(2)
    let (selection, _) = try await selection(
      folder, Target(.totalBytes, 1000), behaviour: .decodeFails)
    #expect(selection.rows().map(\.status) == [.decodeFailed, .decodeFailed])
  }

  @Test func `the dense sweep holds the recommended one and keeps to the steps`() {
    let stepped = QualityScale(
      name: "quality", unit: "", range: 0...100, step: 1, direction: .higherIsBetter,
      recommendedSweep: [10, 12, 50])
    #expect(stepped.denseSweep() == [10, 11, 12, 22, 31, 41, 50])
    let free = QualityScale(
      name: "distance", unit: "", range: 0...25, step: nil, direction: .lowerIsBetter,
      recommendedSweep: [8, 4, 1])
    #expect(free.denseSweep(divisions: 2) == [8, 6, 4, 2.5, 1])
  }
}

/// The test codec with as many bytes as its quality says, so that sizes differ.
struct SizedCodec: Codec {
  var behaviour = TestCodec.Behaviour.works

  var descriptor: CodecDescriptor { TestCodec(behaviour: behaviour).descriptor }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let bytes = try TestCodec(behaviour: behaviour).encode(image, at: quality).bytes
    let count = Int(quality.number ?? 0) * image.width * image.height / 8
    // Padding, and at the end how much of it there is.
    let padding = [UInt8](repeating: 0, count: count)
    return EncodedImage(bytes: bytes + padding + [UInt8(count & 255), UInt8(count >> 8)])
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let count = Int(bytes[bytes.count - 2]) | Int(bytes[bytes.count - 1]) << 8
    return try TestCodec(behaviour: behaviour).decode(
      Array(bytes.dropLast(count + 2)))
  }
}
