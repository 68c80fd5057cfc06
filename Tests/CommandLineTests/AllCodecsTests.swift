import TestSupport
import Foundation
import Testing

/// `--codecs all` runs what can code the set, and ends well.
@Suite(.timeLimit(.minutes(10))) struct AllCodecsTests {
  private static let realDatasets = ProcessInfo.processInfo.environment["RDBENCH_DATASETS"]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A run of the first image with the first quality of each codec's sweep.
  private func run(_ dataset: String, codecs: String = "all") throws -> Program.Outcome {
    let chosen = codecs.split(separator: ",").map(String.init)
    let qualities = try Self.qualities().filter { codecs == "all" || chosen.contains($0.id) }
    return try Program.run(
      [
        "run", "--dataset", dataset, "--codecs", codecs, "--limit", "1", "--metrics", "psnr_db",
        "--no-cache", "--output", "out",
      ] + qualities.flatMap { ["--qualities", "\($0.id):\($0.quality)"] }, in: folder.path)
  }

  private static func qualities() throws -> [(id: String, quality: Double)] {
    struct Codec: Decodable {
      struct Scale: Decodable { let recommended_sweep: [Double] }
      let id: String
      let quality_scale: Scale?
      let unavailable: String?
    }
    let text = try Program.run(["codecs", "--json"]).output
    return try JSONDecoder().decode([Codec].self, from: Data(text.utf8)).compactMap { codec in
      codec.quality_scale.flatMap { $0.recommended_sweep.first }.map { (codec.id, $0) }
    }.filter { !$0.0.hasPrefix("recipe-") }
  }

  private func statuses() throws -> Set<String> {
    let lines = try #require(folder.text("out/results.csv")).split(separator: "\n")
    return Set(lines.dropFirst().map { $0.hasSuffix(",ok,") ? "ok" : String($0) })
  }

  @Test func `it ends well on the synthetic set`() throws {
    let outcome = try run("synthetic")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try statuses() == ["ok"])
  }

  @Test func `it ends well on grey pictures`() throws {
    let samples = (0..<(40 * 30)).map { UInt8($0 * 7 & 255) }
    try folder.write(Array("P5\n40 30\n255\n".utf8) + samples, to: "grey/a.pgm")
    let outcome = try run("grey")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try statuses() == ["ok"])
  }

  @Test func `what cannot code the set is left out with one note, unless it is named`() throws {
    // More pixels in a row than WebP holds.
    let width = 17_000
    let header = Array("P6\n\(width) 32\n255\n".utf8)
    try folder.write(header + [UInt8](repeating: 90, count: 96 * width), to: "wide/a.ppm")
    let all = try run("wide")
    #expect(all.exitCode == 0, "\(all.errors)")
    let notes = all.errors.split(separator: "\n").filter { $0.contains("webp is left out") }
    #expect(
      notes == [
        """
        rdbench: note: webp is left out: WebP holds at most 16383 pixels each way and the picture has \
        17000×32 (a.ppm)
        """
      ])
    #expect(try statuses() == ["ok"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/out")
    let named = try run("wide", codecs: "jpeg,webp")
    #expect(named.exitCode == 1)
    #expect(try statuses().contains { $0.contains(",encode_failed,") && $0.contains("16383") })
  }

  @Test(
    .enabled(if: realDatasets != nil, "set RDBENCH_DATASETS to run"),
    arguments: ["kodak", "clic2020-professional-valid-12"])
  func `it ends well on the sets of the field`(dataset: String) throws {
    let outcome = try run(dataset)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try statuses() == ["ok"])
  }
}
