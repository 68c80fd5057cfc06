import Foundation
import ImageMetrics
import Testing

@testable import Benchmarking

/// `rdbench plot` as a user runs it.
@Suite struct PlotTests {
  @Test func `one SVG for each metric of the file, named on standard output`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(
      TinyResults.rows("jpeg") + TinyResults.rows("webp", psnr: 32), to: "results.csv", in: folder)
    let outcome = try Program.run(["plot", "results.csv", "--output", "figures"], in: folder.path)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.isEmpty)
    let names = ["psnr_db", "mse", "ssim", "ssim_db"]
    #expect(outcome.output == names.map { "figures/\($0).svg\n" }.joined())
    let svg = try #require(folder.bytes("figures/psnr_db.svg"))
    #expect(String(decoding: svg, as: UTF8.self).contains("webp, quality 30, 3.0000 bpp"))
  }

  @Test func `the same file gives the same bytes`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(
      TinyResults.rows("jpeg") + TinyResults.rows("webp", psnr: 32), to: "results.csv", in: folder)
    for name in ["one", "two"] {
      _ = try Program.run(
        ["plot", "results.csv", "--metrics", "psnr", "--output", name], in: folder.path)
    }
    #expect(folder.bytes("one/psnr_db.svg") != nil)
    #expect(folder.bytes("one/psnr_db.svg") == folder.bytes("two/psnr_db.svg"))
  }

  @Test func `the same configuration from two files is two curves`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(TinyResults.rows("jpeg"), to: "before.csv", in: folder)
    try TinyResults.write(TinyResults.rows("jpeg", psnr: 31), to: "after.csv", in: folder)
    let outcome = try Program.run(
      ["plot", "before.csv", "after.csv", "--metrics", "psnr"], in: folder.path)
    #expect(outcome.output == "psnr_db.svg\n")
    let svg = String(decoding: try #require(folder.bytes("psnr_db.svg")), as: UTF8.self)
    #expect(svg.contains(">jpeg (before)</text>"))
    #expect(svg.contains(">jpeg (after)</text>"))
  }

  @Test func `lossless codecs and images that failed are noted`() throws {
    let folder = try TemporaryFolder()
    var raw = TinyResults.rows("raw", qualities: [0])
    for index in raw.indices {
      raw[index].scores = [.mse: 0, .psnr: .infinity, .ssim: 1]
    }
    var jpeg = TinyResults.rows("jpeg")
    jpeg[4].status = .decodeFailed
    jpeg[4].scores = [:]
    try TinyResults.write(raw + jpeg, to: "results.csv", in: folder)
    let outcome = try Program.run(["plot", "results.csv", "--metrics", "psnr"], in: folder.path)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.contains("raw is left out, because it is lossless"))
    #expect(outcome.errors.contains("1 of 2 images of tiny"))
    #expect(outcome.errors.contains("without b.png"))
  }

  @Test func `published curves are dashed and marked`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(TinyResults.rows("jpeg"), to: "results.csv", in: folder)
    try folder.write(Array("bits_per_pixel,psnr_db\n1,31\n2,33\n".utf8), to: "theirs.csv")
    let outcome = try Program.run(
      ["plot", "results.csv", "theirs.csv", "--metrics", "psnr"], in: folder.path)
    #expect(outcome.output == "psnr_db.svg\n")
    let svg = String(decoding: try #require(folder.bytes("psnr_db.svg")), as: UTF8.self)
    #expect(svg.contains(">theirs (published)</text>"))
    #expect(svg.contains("theirs (published), 1.0000 bpp, PSNR 31.00 dB"))
    let dashes = svg.split(separator: "stroke-dasharray=\"").dropFirst().map {
      $0.hasPrefix("none")
    }
    #expect(dashes == [true, false, true, false])
  }

  @Test func `a published file that cannot be read is named`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("bpp,vmaf\n1,31\n".utf8), to: "theirs.csv")
    let outcome = try Program.run(["plot", "theirs.csv"], in: folder.path)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.hasPrefix("rdbench: theirs.csv: there is no metric vmaf"))
  }

  @Test(arguments: [
    (["--metrics", "psrn"], ["there is no metric psrn", "did you mean psnr?"]),
    (["--codecs", "jepg"], ["no results of jepg", "did you mean jpeg?"]),
    (["--width", "84"], ["--width 84 is no width", "84mm"]),
    (["--width", "1mm"], ["from 43mm"]),
    (["--label", "jpeg"], ["codec=name"]),
    (["--max-rate", "0"], ["positive"]),
    (["--metrics", "ms_ssim"], ["there is no curve to draw"]),
    (["--output", "/proc/nowhere"], ["/proc/nowhere/psnr_db.svg cannot be written"]),
  ])
  func `wrong use is one sentence`(options: [String], words: [String]) throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(TinyResults.rows("jpeg"), to: "results.csv", in: folder)
    let outcome = try Program.run(["plot", "results.csv"] + options, in: folder.path)
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
  }
}
