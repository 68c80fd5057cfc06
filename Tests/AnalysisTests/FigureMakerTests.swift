import Plotting
import RateDistortion
import Results
import Testing

@testable import Analysis

@Suite struct FigureMakerTests {
  private let psnr = QualityMeasure.named("psnr")[0]
  private let mse = QualityMeasure.named("mse")[0]

  private func outcomes(
    _ rows: [ResultRow], published: [PublishedCurve] = [], measures: [QualityMeasure],
    view: FigureMaker.View = .curves, hasBands: Bool = false
  ) throws -> [FigureMaker.Outcome] {
    let table = try ResultsTable(rows: [rows], paths: ["r.csv"], codecs: nil)
    let (sets, _) = try table.curveSets(of: measures, published: published, weighting: .images)
    let maker = try FigureMaker(
      table: table, published: published, sets: sets, names: CodecLabels(["jpeg=JPEG"]),
      weighting: .images,
      rates: RateRange(), hasBands: hasBands)
    return try sets.map { try maker.outcome($0, view: view) }
  }

  @Test func aCurveIsTheMeanOverTheImages() throws {
    let rows = MadeUpRows.rows("jpeg", bytes: [1000, 2000])
    let outcome = try #require(try outcomes(rows, measures: [psnr]).first)
    let series = try #require(outcome.chart?.panels.first?.series.first)
    #expect(series.label == "JPEG")
    #expect(series.points.map(\.x) == [1.5, 3, 6, 12, 24])
    #expect(series.points.map(\.y) == [30, 31, 32, 33, 34])
    #expect(series.band.isEmpty && outcome.notes.isEmpty)
  }

  @Test func aConfigurationLooksTheSameInEveryFigure() throws {
    let webp = MadeUpRows.rows("webp") { $0.scores[.mse] = nil }
    let rows = MadeUpRows.lossless() + webp + MadeUpRows.rows("jpeg")
    let outcomes = try outcomes(rows, measures: [psnr, mse])
    let series = outcomes.map { $0.chart?.panels[0].series ?? [] }
    #expect(series[0].map(\.label) == ["webp", "JPEG"])
    #expect(series[0].map(\.style) == [CurveStyle(index: 0), CurveStyle(index: 1)])
    #expect(series[1].map(\.label) == ["JPEG"])
    #expect(series[1].map(\.style) == [CurveStyle(index: 1)])
    #expect(outcomes[0].notes == ["raw is left out, because it is lossless"])
  }

  @Test func bandsAreOnlyWhereThereIsAnInterval() throws {
    let two = MadeUpRows.rows("jpeg", bytes: [1000, 2000])
    let outcomes = try outcomes(two, measures: [psnr, mse], hasBands: true)
    let band = try #require(outcomes[0].chart?.panels[0].series[0].band)
    #expect(!band.isEmpty && outcomes[0].notes.isEmpty)
    #expect(outcomes[1].notes == ["mse falls with quality, so it has no bands"])
  }

  @Test func imagesHaveAPanelEach() throws {
    let rows = MadeUpRows.rows("jpeg") + MadeUpRows.rows("webp", images: ["b.png"])
    let chart = try #require(try outcomes(rows, measures: [psnr], view: .images)[0].chart)
    #expect(chart.panels.map(\.title) == ["a.png", "b.png"])
    #expect(chart.panels.map { $0.series.map(\.label) } == [["JPEG"], ["JPEG", "webp"]])
    let other = MadeUpRows.rows("jpeg", dataset: "other", images: ["a.png"])
    let both = try #require(try outcomes(rows + other, measures: [psnr], view: .images)[0].chart)
    #expect(both.panels.map(\.title) == ["tiny/a.png", "tiny/b.png", "other/a.png"])
  }

  @Test func savingsAreAgainstTheAnchor() throws {
    let rows = MadeUpRows.rows("jpeg") + MadeUpRows.rows("webp", bytes: [500])
    let outcomes = try outcomes(
      rows + MadeUpRows.rows("avif", psnr: 80), measures: [psnr, mse],
      view: .savings(Anchor("jpeg")))
    let chart = try #require(outcomes[0].chart)
    #expect(chart.panels[0].series.map(\.label) == ["webp"])
    #expect(!chart.panels[0].series[0].points.isEmpty)
    #expect(chart.panels[0].series[0].points.allSatisfy { abs($0.y - 50) < 1e-9 })
    #expect(chart.yAxis.label == "Rate saving against JPEG (%)")
    #expect(
      outcomes[0].notes == ["avif cannot be compared with jpeg: the curves do not overlap"])
    #expect(outcomes[1].chart == nil)
    #expect(outcomes[1].notes == ["mse falls with quality, so it has no savings"])
    #expect(
      try FigureMaker.View.savings(Anchor("jpeg:a=b")).codecs.map(\.description) == ["jpeg:a=b"])
  }

  @Test func publishedCurvesAreDashed() throws {
    let points = [1.0, 2].map { RatePoint(rate: BitsPerPixel($0), score: Score($0), imageCount: 0) }
    let curve = PublishedCurve(label: "bpg", points: ["psnr_db": points])
    let chart = try #require(
      try outcomes(MadeUpRows.rows("jpeg"), published: [curve], measures: [psnr])[0].chart)
    #expect(chart.panels[0].series.map(\.label) == ["JPEG", "bpg (published)"])
    #expect(chart.panels[0].series.map(\.isDashed) == [false, true])
    #expect(chart.panels[0].series[1].points.map(\.x) == [1, 2])
  }
}
