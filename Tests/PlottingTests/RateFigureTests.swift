import Foundation
import RateDistortion
import Testing

@testable import Plotting

/// Curves like those of Kodak: three codecs, 24 images.
private func curve(
  _ codec: String, _ points: [(rate: Double, score: Double)], parameters: String = ""
) -> RateCurve {
  RateCurve(
    key: CurveKey(codec: codec, parameters: parameters, dataset: "kodak"),
    points: points.enumerated().map {
      RatePoint(
        rate: BitsPerPixel($1.rate), score: Score($1.score), quality: Double($0 * 10 + 5),
        imageCount: 24)
    },
    imageCount: 24)
}

private func figure(
  _ curves: [(label: String, curve: RateCurve)], measure id: String = "psnr_db",
  published: Set<String> = [], limit: Double? = nil
) throws -> RateFigure {
  let measure = try #require(QualityMeasure.all.first { $0.id == id })
  return RateFigure(
    measure: measure,
    curves: curves.enumerated().map { index, entry in
      FigureCurve(
        curve: entry.curve, label: entry.label, style: CurveStyle(index: index),
        remark: published.contains(entry.label) ? "published, estimated rate" : "")
    }, remarks: ["Note: raw is left out, because it is lossless."],
    rates: RateRange(limit: limit.map(BitsPerPixel.init)))
}

private let jpeg = curve("jpeg", [(0.14, 23.85), (0.45, 29.14), (1.0, 32.91), (3.3, 40.55)])
private let jpeg2000 = curve("jpeg2000", [(0.05, 24.65), (0.5, 32.18), (2.0, 40.8)])
private let webp = curve("webp", [(0.1, 25.67), (0.48, 31.25), (1.15, 36.21), (2.8, 41.7)])

@Suite struct RateFigureTests {
  @Test func `a figure of one column with its legend beside the curves`() throws {
    let svg = try figure([("jpeg", jpeg), ("jpeg2000", jpeg2000), ("webp", webp)]).chart
      .svg(style: ChartStyle(width: Length(84, .millimeters), showsTitle: false))
    try Golden.expect(svg, "psnr-84mm.svg")
  }

  @Test func `a wide figure with long names, a published curve, and its legend beneath`() throws {
    let svg = try figure(
      [
        ("jpeg progressive subsampling=444 <mine>", jpeg), ("Ballé 2018 (opt. MSE)", jpeg2000),
        ("webp", webp),
      ], published: ["Ballé 2018 (opt. MSE)"]
    ).chart.svg()
    try Golden.expect(svg, "psnr-wide.svg")
  }

  @Test func `the picture is well-formed XML`() throws {
    let svg = try figure([("a<b&c\"", jpeg)]).chart.svg()
    #expect(svg.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "))
    #expect(svg.contains("<title id=\"psnr_db-title\">PSNR on kodak, 24 images</title>"))
    #expect(svg.contains("a&lt;b&amp;c&quot;, quality 5, 0.1400 bpp, PSNR 23.85 dB</title>"))
  }

  @Test func `one curve that goes far beyond the others does not squash them`() throws {
    let long = curve("avif", [(0.1, 26), (9.0, 50)])
    let domain = try figure([("webp", webp), ("jpeg2000", jpeg2000), ("avif", long)]).chart.xAxis
      .domain
    #expect(domain == 0...(2.8 * 1.25 * 1.03))
  }

  @Test func `an own limit wins and clips the scores with it`() throws {
    let chart = try figure([("webp", webp), ("jpeg2000", jpeg2000)], limit: 1).chart
    #expect(chart.xAxis.domain.upperBound == 1.03)
    #expect(chart.yAxis.domain.upperBound < 33)
  }

  @Test func `SSIM never goes beyond 1`() throws {
    let ssim = curve("jpeg", [(0.1, 0.8), (3, 0.9999)])
    #expect(try figure([("jpeg", ssim)], measure: "ssim").chart.yAxis.domain.upperBound == 1)
  }

  @Test func `points under a marker are small, and none is lost`() throws {
    let points = (0..<100).map { index -> (rate: Double, score: Double) in
      let part = Double(index) / 100
      return (1 + part, 30 + 2 * part)
    }
    let crowded = curve("crowded", points)
    let svg = try figure([("crowded", crowded)]).chart.svg()
    #expect(svg.split(separator: "<title>crowded").count == 101)
    #expect(svg.contains("r=\"2.52\""))
    #expect(svg.contains("r=\"0.88\""))
  }

  @Test func `a single point makes a figure`() throws {
    let svg = try figure([("one", curve("one", [(0.5, 30)]))]).chart.svg()
    #expect(!svg.contains("nan"))
    #expect(svg.contains("one, quality 5"))
  }
}
