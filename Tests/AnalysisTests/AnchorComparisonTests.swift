import Foundation
import RateDistortion
import Results
import Testing

@testable import Analysis

@Suite struct AnchorComparisonTests {
  private let psnr = QualityMeasure.named("psnr")[0]

  /// Half the bytes of the anchor with one image, three quarters with one that needs twice as many.
  private let anchor = MadeUpRows.rows("jpeg", bytes: [1000, 2000])
  private let test = MadeUpRows.rows("webp", bytes: [500, 1500])

  private func comparison(
    _ rows: [ResultRow], published: [PublishedCurve] = [], anchor: String = "jpeg",
    weighting: Weighting = .images, names: CodecLabels = .init()
  ) throws -> AnchorComparison {
    try AnchorComparison(
      table: ResultsTable(rows: [rows], paths: ["r.csv"], codecs: nil), published: published,
      anchor: Anchor(anchor), measure: psnr, interpolation: .pchip, weighting: weighting,
      names: names)
  }

  @Test func distancesAreThoseOfTheImagesAndOfTheMeanCurves() throws {
    let comparison = try comparison(anchor + test)
    #expect(comparison.notes == [])
    let line = try #require(comparison.lines.first)
    #expect(comparison.lines.count == 1)
    #expect(line.label == "webp" && line.anchorLabel == "jpeg")
    // −50 % and −25 %; the bytes of both images together are a third fewer.
    #expect(abs(try #require(line.rate.mean) + 37.5) < 1e-9)
    let interval = try #require(line.rate.interval)
    #expect(abs(interval.lowerBound + 50) < 1e-9 && abs(interval.upperBound + 25) < 1e-9)
    #expect(abs(try #require(line.rate.meanCurves.value?.delta) + 100.0 / 3) < 1e-9)
    // Bytes double with each decibel.
    let quality = (1 + log2(4.0 / 3)) / 2
    #expect(abs(try #require(line.quality.mean) - quality) < 1e-9)
    #expect(
      line.sentence
        == "webp needs 37.5 % fewer bits than jpeg at equal PSNR, 95 % interval 25.0 to 50.0, "
        + "2 images")
  }

  @Test func moreBitsAndAnIntervalOverZeroHaveTheirDirections() throws {
    let worse = MadeUpRows.rows("webp", bytes: [800, 3000])
    let sentence = try #require(try comparison(anchor + worse).lines.first).sentence
    // −20 % and +50 %.
    #expect(
      sentence
        == "webp needs 15.0 % more bits than jpeg at equal PSNR, 95 % interval from 20.0 % fewer "
        + "to 50.0 % more, 2 images")
    let same = MadeUpRows.rows("webp", bytes: [1000, 2000])
    #expect(
      try #require(try comparison(anchor + same).lines.first).sentence
        .hasPrefix("webp needs as many bits, within 0.05 %, than jpeg at equal PSNR"))
  }

  @Test func imagesWithoutADistanceAreNamedWithTheReason() throws {
    var rows = MadeUpRows.rows("webp", images: ["a.png"], bytes: [500])
    rows += MadeUpRows.rows("webp", images: ["b.png"], psnr: 80)
    let line = try #require(try comparison(anchor + rows).lines.first)
    #expect(line.rate.valueCount == 1)
    #expect(
      line.sentence.hasSuffix(
        "50.0 % fewer bits than jpeg at equal PSNR, 1 image, no figure for b.png (the curves do "
          + "not overlap)"))
    let far = try #require(
      try comparison(anchor + MadeUpRows.rows("webp", psnr: 80)).lines.first)
    #expect(
      far.sentence
        == "webp has no BD-rate against jpeg in PSNR: a.png, b.png (the curves do not overlap)")
  }

  @Test func whatCannotBeComparedIsNoted() throws {
    let unscored = MadeUpRows.rows("avif") { $0.scores[.psnr] = nil }
    let elsewhere = MadeUpRows.rows("webp", dataset: "other")
    let comparison = try comparison(anchor + MadeUpRows.lossless() + unscored + elsewhere)
    #expect(comparison.lines.isEmpty)
    #expect(
      comparison.notes == [
        "raw tiny is left out, because it is lossless",
        "avif tiny is left out, because it has no psnr_db",
        "jpeg was not run on other, so nothing is compared there",
      ])
  }

  @Test func publishedCurvesAreComparedByTheirMeans() throws {
    let points = (0..<5).map {
      RatePoint(
        rate: BitsPerPixel(0.75 * Double(1 << $0)), score: Score(30 + Double($0)), imageCount: 0)
    }
    let curve = PublishedCurve(
      label: "bpg", points: ["psnr_db": points], rateKind: .estimated)
    let comparison = try comparison(anchor, published: [curve])
    let line = try #require(comparison.lines.first)
    #expect(comparison.notes == ["the rate of bpg is an estimate, not the size of files"])
    // The mean curve of the anchor is at 1.5 bits per pixel.
    #expect(
      line.sentence
        == "bpg (published, estimated rate) needs 50.0 % fewer bits than jpeg at equal PSNR on the "
        + "mean curves, overlap 1.00")
    let elsewhere = PublishedCurve(label: "bpg", dataset: "kodak", points: ["psnr_db": points])
    #expect(
      try self.comparison(anchor, published: [elsewhere]).notes
        == ["bpg kodak is left out, because jpeg was not run on its dataset"])
  }

  @Test func anAnchorHasToBeOneConfiguration() throws {
    let rows = ["420", "444"].flatMap {
      MadeUpRows.rows("jpeg", parameters: "progressive=true;subsampling=\($0)")
    }
    let comparison = try comparison(rows, anchor: "jpeg:subsampling=420")
    #expect(comparison.lines.map(\.label) == ["jpeg subsampling=444"])
    for (anchor, message) in [
      (
        "jpeg",
        "jpeg could be progressive=true;subsampling=420 or progressive=true;subsampling=444; name "
          + "one with --anchor jpeg:name=value"
      ),
      (
        "jpeg:subsampling=422",
        "no configuration of jpeg has subsampling=422, there are progressive=true;subsampling=420 "
          + "or progressive=true;subsampling=444"
      ),
      ("jpgg", "there are no results of jpgg, there are jpeg; did you mean jpeg?"),
    ] {
      #expect(throws: AnalysisError(message)) { try self.comparison(rows, anchor: anchor) }
    }
  }
}
