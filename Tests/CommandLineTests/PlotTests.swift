import TestSupport
import Foundation
import ImageMetrics
import Testing

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

  @Test func `bands are drawn where they are asked for`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(
      TinyResults.rows("jpeg", qualities: [1, 2, 3, 4])
        + TinyResults.rows("few", qualities: [1, 2, 3]), to: "results.csv", in: folder)
    let arguments = ["plot", "results.csv", "--metrics", "psnr"]
    let plain = try Program.run(arguments + ["--output", "plain"], in: folder.path)
    let banded = try Program.run(arguments + ["--bands", "--output", "banded"], in: folder.path)
    #expect(plain.exitCode == 0 && banded.exitCode == 0)
    #expect(try !#require(folder.text("plain/psnr_db.svg")).contains("fill-opacity"))
    let svg = try #require(folder.text("banded/psnr_db.svg"))
    #expect(svg.components(separatedBy: "fill-opacity").count == 2)
    #expect(banded.errors == "rdbench: note: few has no band in psnr_db\n")
  }

  @Test func `the savings that are drawn average to the BD-rate that bd prints`() throws {
    let folder = try TemporaryFolder()
    let qualities = [1.0, 2, 3, 4, 5]
    try TinyResults.write(
      TinyResults.rows("jpeg", qualities: qualities)
        + TinyResults.rows("webp", qualities: qualities, psnr: 29.5, bytes: 600),
      to: "results.csv", in: folder)
    let plot = try Program.run(
      [
        "plot", "results.csv", "--view", "savings", "--anchor", "jpeg", "--metrics", "psnr",
        "--format", "pgfplots,svg",
      ], in: folder.path)
    #expect(plot.exitCode == 0, "\(plot.errors)")
    #expect(plot.output == "psnr_db-savings.tex\npsnr_db-savings.svg\n")
    let source = try #require(folder.text("psnr_db-savings.tex"))
    let line = try #require(source.firstMatch(of: /mark=none[^{]*\{\n  ([^}]*)\n/)).1
    let points = line.matches(of: /\(([0-9.]+),([0-9.]+)\)/).compactMap { match in
      Double(match.1).flatMap { x in Double(match.2).map { (quality: x, saving: $0) } }
    }
    #expect(points.count > 90)
    var area = 0.0
    for (a, b) in zip(points, points.dropFirst()) {
      area += (log(1 - a.saving / 100) + log(1 - b.saving / 100)) / 2 * (b.quality - a.quality)
    }
    let span = try #require(points.last).quality - #require(points.first).quality
    let bd = try Program.run(
      ["bd", "results.csv", "--anchor", "jpeg", "--metric", "psnr", "--format", "json"],
      in: folder.path)
    let lines = try #require(
      JSONSerialization.jsonObject(with: Data(bd.output.utf8)) as? [[String: Any]])
    let rate = try #require(lines.first?["bd_rate_percent"] as? [String: Any])
    let meanCurves = try #require(rate["mean_curves"] as? [String: Any])
    let printed = try #require(meanCurves["value"] as? Double)
    #expect(abs(100 * (exp(area / span) - 1) - printed) < 0.01)
  }

  @Test func `each image has a panel with its name`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(
      TinyResults.rows("jpeg") + TinyResults.rows("webp", psnr: 32), to: "results.csv", in: folder)
    let outcome = try Program.run(
      ["plot", "results.csv", "--view", "images", "--metrics", "psnr", "--width", "two-column"],
      in: folder.path)
    #expect(outcome.output == "psnr_db-images.svg\n")
    let svg = try #require(folder.text("psnr_db-images.svg"))
    #expect(svg.contains("width=\"7.16in\""))
    #expect(svg.contains(">a.png</text>") && svg.contains(">b.png</text>"))
    #expect(svg.components(separatedBy: "<clipPath").count == 3)
  }

  @Test func `a build without PDF says how to get it`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(TinyResults.rows("jpeg"), to: "results.csv", in: folder)
    let outcome = try Program.run(
      ["plot", "results.csv", "--metrics", "psnr", "--format", "svg,pdf"], in: folder.path)
    #if PDF
      #expect(outcome.output == "psnr_db.svg\npsnr_db.pdf\n")
      #expect(folder.text("psnr_db.pdf")?.hasPrefix("%PDF-") == true)
    #else
      #expect(outcome.exitCode == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("librsvg2-dev"))
      #expect(outcome.errors.contains("--traits default,PDF"))
    #endif
  }

  @Test(arguments: [
    (["--metrics", "psrn"], ["there is no metric psrn", "did you mean psnr?"]),
    (["--codecs", "jepg"], ["no results of jepg", "did you mean jpeg?"]),
    (["--width", "84"], ["--width 84 is no width", "84mm"]),
    (["--width", "1mm"], ["from 43mm", "one-column"]),
    (["--format", "eps"], ["there is no format eps", "svg, pdf, pgfplots"]),
    (["--view", "savings"], ["--anchor jpeg"]),
    (["--view", "savings", "--anchor", "jepg"], ["no results of jepg", "did you mean jpeg?"]),
    (["--view", "savings", "--anchor", "jpeg", "--log-rate"], ["no rate axis"]),
    (["--view", "images", "--bands"], ["no bands"]),
    (["--anchor", "jpeg"], ["--view savings"]),
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
