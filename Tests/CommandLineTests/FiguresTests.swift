import TestSupport
import Codecs
import Foundation
import ImageMetrics
import Testing

@testable import Results

/// The figures of the learned codec's paper, from made-up results.
@Suite struct FiguresTests {
  /// Rows of one image at two qualities for some coders: bytes of map and codes per coder.
  private func results(
    _ coders: [(name: String, map: Int, codes: Int)] = [
      ("convolutional", 100, 1000), ("none", 200, 2000),
    ], psnr: (String) -> Double = { _ in 30 }, more: String = "threads=1"
  ) -> [ResultRow] {
    var rows: [ResultRow] = []
    for coder in coders {
      for step in 1...2 {
        let subject = ResultRow.Subject(
          dataset: "tiny", image: "a.png", imageSHA256: nil, width: 100, height: 80, codec: "cw",
          codecVersion: "1", parameters: "entropy=\(coder.name);\(more)",
          quality: .value(Double(step) / 2))
        let (map, codes) = (step * coder.map, step * coder.codes)
        let psnr: Double = psnr(coder.name) + Double(step)
        rows.append(
          ResultRow(
            subject: subject, status: .ok, encodedBytes: 24 + map + codes,
            sections: [
              .init(.header, 24), .init(.importanceMap, map), .init(.codes, codes),
            ],
            scores: [.psnr: psnr, .ssim: 0.75 + Double(step) / 8]))
      }
    }
    return rows
  }

  @Test func `figure 7a takes the sections apart`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(results(), to: "r.csv", in: folder)
    let outcome = try Program.run(["figures", "7a", "r.csv", "--metric", "psnr"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output == "figure-7a.svg\nfigure-7a.csv\n")
    let csv = String(decoding: try #require(folder.bytes("figure-7a.csv")), as: UTF8.self)
    // 8000 pixels, so bytes / 1000 is the rate. A map of 100 bytes needs one byte for its size, one
    // of 200 needs two, as do all codes.
    #expect(
      csv == """
        curve,quality,images,bits_per_pixel,psnr_db
        full: codes and importance map,0.5,1,1.124,31
        full: codes and importance map,1,1,2.224,32
        only the codes,0.5,1,1.225,31
        only the codes,1,1,2.424,32
        only the importance map,0.5,1,2.124,31
        only the importance map,1,1,4.224,32
        without entropy coding,0.5,1,2.225,31
        without entropy coding,1,1,4.424,32

        """)
    let first = folder.bytes("figure-7a.svg")
    _ = try Program.run(["figures", "7a", "r.csv", "--metric", "psnr"], in: folder.path)
    #expect(first == folder.bytes("figure-7a.svg"))
  }

  @Test func `figure 7b draws each coder`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(
      results([("convolutional", 100, 1000), ("cabac", 120, 1100), ("none", 1, 1)]), to: "r.csv",
      in: folder)
    let outcome = try Program.run(["figures", "7b", "r.csv"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let csv = String(decoding: try #require(folder.bytes("figure-7b.csv")), as: UTF8.self)
    #expect(csv.hasPrefix("curve,quality,images,bits_per_pixel,ssim\n"))
    #expect(csv.contains("\nconvolutional,0.5,1,1.124,0.875\n"))
    #expect(csv.contains("\ncabac,1,1,2.464,1\n"))
    #expect(!csv.contains("none"))
  }

  @Test func `rows that do not belong together are refused`() throws {
    let folder = try TemporaryFolder()
    func expectFailure(_ rows: [ResultRow], _ figure: String, _ reason: String) throws {
      try TinyResults.write(rows, to: "r.csv", in: folder)
      let outcome = try Program.run(["figures", figure, "r.csv"], in: folder.path)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }
    try expectFailure(TinyResults.rows("jpeg"), "7a", "no rows of cw")
    try expectFailure(results([("cabac", 1, 1)]), "7a", "entropy=none")
    try expectFailure(results([("none", 1, 1)]), "7a", "only coder")
    try expectFailure(results([("cabac", 1, 1)]), "7b", "two coders")
    try expectFailure(
      results(psnr: { $0 == "none" ? 31 : 30 }), "7a", "not of the same codes")
    try expectFailure(Array(results().dropLast()), "7a", "no finished row with entropy=none")
    try expectFailure(
      results() + results([("cabac", 1, 1)], more: "threads=2"), "7b", "more than the coder")
    try expectFailure(results(), "6", "--keep-images")
    let outcome = try Program.run(["figures", "8", "r.csv"], in: folder.path)
    #expect(outcome.exitCode == 2)
  }
}
