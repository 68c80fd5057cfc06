import TestSupport
import Codecs
import Foundation
import ImageMetrics
import Imaging
import Testing

@testable import Results

/// Figure 5 of the learned codec's paper, from a real run.
@Suite struct CropFigureTests {
  /// Measures two small pictures and keeps them.
  private func run(in folder: TemporaryFolder) throws {
    for index in 1...2 {
      try folder.write(Pictures.rgb(width: 40 + index, height: 24), to: "set/\(index).ppm")
    }
    let outcome = try Program.run(
      [
        "run", "--dataset", "set", "--codecs", "jpeg,webp,raw", "--qualities",
        "jpeg:20,40,60,80", "--qualities", "webp:20,40,60,80", "--keep-images",
      ], in: folder.path)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
  }

  private func rows(in folder: TemporaryFolder) throws -> [ResultRow] {
    try ResultsFile.read(path: "\(folder.path)/results.csv")
  }

  /// The pictures in an SVG file, in their order.
  private func pictures(_ svg: String) throws -> [Image] {
    try svg.matches(of: /href="data:image\/png;base64,([^"]+)"/).map { match in
      let data = try #require(Data(base64Encoded: String(match.1)))
      return try PNG.decode([UInt8](data)).image
    }
  }

  @Test func `each codec shows the decoder's pixels at the nearest rate`() throws {
    let folder = try TemporaryFolder()
    try run(in: folder)
    let rows = try rows(in: folder).filter { $0.subject.image == "2.ppm" }
    let jpeg = try #require(
      rows.first { $0.subject.codec == "jpeg" && $0.subject.quality == .value(60) })
    let rate = try #require(jpeg.bitsPerPixel)
    let distances = rows.map { $0.bitsPerPixel.map { abs($0 - rate) } ?? .infinity }
    let webp = try #require(
      zip(rows, distances).filter { $0.0.subject.codec == "webp" }.min { $0.1 < $1.1 }?.0)
    let arguments = [
      "figures", "5", "results.csv", "--images", "2.ppm", "--rate", formatNumber(rate), "--codecs",
      "webp,jpeg", "--window", "2.ppm:8x6+3+2", "--window", "9x9", "--label", "webp=WebP",
    ]
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output == "figure-5.svg\nfigure-5.csv\n")

    let svg = try #require(folder.text("figure-5.svg"))
    let sources =
      [KeptPictures.originalPath(dataset: "set", image: "2.ppm")]
      + [webp, jpeg].map { KeptPictures.reconstructionPath(of: $0.subject) }
    let shown = try pictures(svg)
    #expect(shown.count == 3)
    for (shown, source) in zip(shown, sources) {
      let whole = try ImageFile.read(path: "\(folder.path)/\(source)").image
      // 320 pixels are forty times eight.
      #expect(shown.width == 320 && shown.height == 240)
      for (x, y) in [(0, 0), (39, 39), (40, 39), (319, 239), (200, 120)] {
        let (from, to) = (((y / 40 + 2) * whole.width + x / 40 + 3) * 3, (y * 320 + x) * 3)
        #expect(shown.samples[to..<to + 3] == whole.samples[from..<from + 3])
      }
    }
    let psnr = try #require(webp.scores[.psnr])
    for text in [
      "original", "2.ppm", "8×6 at 3, 2", "WebP", "jpeg",
      String(format: "%.3f bpp, %.2f dB", webp.bitsPerPixel ?? 0, psnr),
    ] {
      #expect(svg.contains(">\(text)</text>"), "\(text)")
    }

    let csv = try #require(folder.text("figure-5.csv")).split(separator: "\n")
    #expect(csv.count == 3)
    #expect(csv[0].hasPrefix("image,codec,parameters,quality,bits_per_pixel,psnr_db,ms_ssim,x,y,"))
    #expect(csv[1].hasPrefix("2.ppm,webp,"))
    #expect(csv[2].hasPrefix("2.ppm,jpeg,"))
    #expect(csv[2].hasSuffix(",3,2,8,6,\(sources[2])"))
    #expect(csv[2].contains(";subsampling=420,60,\(formatNumber(rate)),"))

    _ = try Program.run(arguments + ["--output", "again"], in: folder.path)
    #expect(folder.bytes("figure-5.svg") == folder.bytes("again/figure-5.svg"))
  }

  @Test func `by default the middle of the first images, by all that lose something`() throws {
    let folder = try TemporaryFolder()
    try run(in: folder)
    let outcome = try Program.run(
      ["figures", "5", "results.csv", "--rate", "0.001", "--width", "90mm"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let svg = try #require(folder.text("figure-5.svg"))
    #expect(svg.contains("width=\"340.16px\""))
    #expect(svg.contains(">41×24 at 0, 0</text>") && svg.contains(">42×24 at 0, 0</text>"))
    #expect(try pictures(svg).count == 6)
    #expect(!svg.contains("raw"))
    // No codec is near a thousandth of a bit: the figure says so, and so does the command.
    #expect(svg.matches(of: /fill="#b00020"[^>]*>[0-9]+ % above 0.001 bpp</).count == 4)
    #expect(outcome.errors.contains("note: 1.ppm: the nearest row of jpeg is "))
    #expect(outcome.errors.split(separator: "\n").count == 4)
  }

  @Test func `a target out of reach shows what the codec could do`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 40, height: 24), to: "set/1.ppm")
    let run = try Program.run(
      ["run", "--dataset", "set", "--codecs", "jpeg", "--target", "bpp=0.01", "--keep-images"],
      in: folder.path)
    #expect(run.exitCode == 1)
    #expect(try rows(in: folder).map(\.status) == [.unreachable])
    let outcome = try Program.run(
      ["figures", "5", "results.csv", "--rate", "0.01"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try #require(folder.text("figure-5.svg")).contains("% above 0.01 bpp"))
  }

  @Test func `wrong use is one sentence`() throws {
    let folder = try TemporaryFolder()
    try run(in: folder)
    for (arguments, sentence) in [
      (["--images", "2.pmm"], "there are no results of an image 2.pmm; did you mean 2.ppm?"),
      (
        ["--codecs", "jpeg,wepb"],
        "no results of wepb, there are jpeg, webp, raw; did you mean webp?"
      ),
      (["--window", "40x24+2+0"], "--window 40x24+2+0 goes beyond 1.ppm, which has 41×24 pixels"),
      (["--window", "41x25"], "--window 41x25 goes beyond 1.ppm"),
      (["--window", "8,6"], "--window 8,6 should be a size"),
      (["--window", "3.ppm:8x6"], "--window is for 3.ppm, which is not among"),
      (["--window", "8x6", "--window", "9x6"], "--window is given twice for all images"),
      (
        ["--width", "43mm", "--columns", "5", "--codecs", "jpeg,webp,raw"],
        "--width is too narrow for 4 crops"
      ),
      (["--label", "jpeg"], "--label jpeg should be codec=name"),
    ] {
      let outcome = try Program.run(["figures", "5", "results.csv"] + arguments, in: folder.path)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    for arguments in [["--rate", "0"], ["--rate", "nan"], ["--columns", "0"]] {
      let outcome = try Program.run(["figures", "5", "results.csv"] + arguments, in: folder.path)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains("Error: \(arguments[0]) must be"), "\(outcome.errors)")
    }
  }

  @Test func `pictures that are missing or of another run are refused`() throws {
    let folder = try TemporaryFolder()
    try run(in: folder)
    func expectFailure(_ sentence: String) throws {
      let outcome = try Program.run(
        ["figures", "5", "results.csv", "--images", "1.ppm", "--codecs", "jpeg"], in: folder.path)
      #expect(outcome.exitCode == 2)
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
      #expect(!folder.exists("figure-5.svg"))
    }
    let rows = try rows(in: folder).filter { $0.subject.codec == "jpeg" }
    for row in rows where row.subject.image == "1.ppm" {
      let path = KeptPictures.reconstructionPath(of: row.subject)
      // A picture of this size, but not what the row measured.
      try ImageFile.write(
        Image(width: 41, height: 24, colorModel: .rgb, samples: Array(repeating: 9, count: 2952)),
        path: "\(folder.path)/\(path)")
    }
    try expectFailure("is not the picture that the results tell of")
    for row in rows {
      let path = KeptPictures.reconstructionPath(of: row.subject)
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(path)")
    }
    try expectFailure(
      "no picture of 1.ppm by jpeg is beside the results; figure 5 needs a run with")
    try FileManager.default.removeItem(atPath: "\(folder.path)/images")
    try expectFailure("no picture of 1.ppm is beside the results; figure 5 needs a run with")
  }
}
