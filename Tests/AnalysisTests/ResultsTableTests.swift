import Codecs
import Foundation
import RateDistortion
import Results
import Testing

@testable import Analysis

@Suite struct ResultsTableTests {
  private let jpeg = MadeUpRows.rows("jpeg")
  private let webp = MadeUpRows.rows("webp")

  @Test func filesAreNamedByWhatTellsThemApart() throws {
    let paths = ["runs/old/a/results.csv", "runs/new/a/results.csv", "runs/new/b/results.csv"]
    let table = try ResultsTable(rows: [jpeg, jpeg, webp], paths: paths, codecs: nil)
    #expect(table.names == ["old/a/results", "new/a/results", "new/b/results"])
    #expect(table.keys.map(\.source) == table.names)
    #expect(table.keys.map(\.codec) == ["jpeg", "jpeg", "webp"])
    #expect(table.entries.map(\.file) == [0, 1, 2].flatMap { Array(repeating: $0, count: 10) })
    let single = try ResultsTable(rows: [jpeg], paths: ["runs/old/results.csv"], codecs: nil)
    #expect(single.names == ["results"])
  }

  @Test func theSameFileTwiceKeepsItsWholePath() throws {
    let table = try ResultsTable(rows: [jpeg, jpeg], paths: ["/a/b.csv", "/a/b.csv"], codecs: nil)
    #expect(table.names == ["a/b", "a/b"])
  }

  @Test func onlyTheCodecsThatAreAskedForAreKept() throws {
    let table = try ResultsTable(
      rows: [jpeg + webp], paths: ["r.csv"], codecs: [CodecSpec(id: "webp")])
    #expect(table.keys.map(\.codec) == ["webp"])
    #expect(table.entries.count == webp.count)
    #expect(
      throws: AnalysisError(
        "there are no results of wepb, there are jpeg, webp; did you mean webp?")
    ) { try ResultsTable(rows: [jpeg + webp], paths: ["r.csv"], codecs: [CodecSpec(id: "wepb")]) }
  }

  @Test func aFileWithoutRowsIsRefused() throws {
    #expect(throws: AnalysisError("b.csv has no rows")) {
      try ResultsTable(rows: [jpeg, []], paths: ["a.csv", "b.csv"], codecs: nil)
    }
  }

  @Test func aMeasurementThatIsThereTwiceNamesItsFile() throws {
    let table = try ResultsTable(rows: [jpeg + jpeg], paths: ["x/r.csv"], codecs: nil)
    #expect {
      try table.sweeps(for: .all[0])
    } throws: { error in
      (error as? AnalysisError)?.message.hasPrefix("r: ") == true
    }
  }

  @Test func sweepsHoldTheColumnOfTheirMeasure() throws {
    let table = try ResultsTable(rows: [jpeg], paths: ["r.csv"], codecs: nil)
    let measure = try #require(QualityMeasure.named("ssim_db").first)
    let sweep = try #require(try table.sweeps(for: measure).first)
    // Half of what is left to 1 is 3 dB.
    let scores = sweep.curve(of: "a.png", measure: measure).points.map(\.score.value)
    #expect(abs(scores[0] - 10 * log10(2)) < 1e-12)
    let rates = sweep.curve(of: "a.png", measure: measure).points.map(\.rate.value)
    #expect(rates == [1, 2, 4, 8, 16])
  }

  private func metadata(completed: Bool, rows: Int) -> RunMetadata {
    RunMetadata(
      planDigest: "plan", fingerprint: nil, commandLine: ["rdbench"], shard: nil,
      dataset: RunMetadata.DatasetEntry(
        name: "tiny", images: 2, manifestDigest: nil, pixelsDigest: "pixels"),
      codecs: [], metrics: [], jobs: 1, timingRepeats: 0, timingSeed: nil, timingSpreads: nil,
      verified: nil, build: .current, machine: .current, start: "", end: "", completed: completed,
      rows: rows, failures: 0, reuse: nil)
  }

  @Test func aRunThatWasBrokenOffIsNoted() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(jpeg, to: "results.csv")
    #expect(try ResultsTable(paths: [path], codecs: nil).notes == [])
    let note = "\(path) is of a run that was stopped early, with 3 rows"
    for (rowCount, notes) in [(10, []), (3, [note])] {
      try folder.write(
        metadata(completed: rowCount == 10, rows: rowCount).json(), to: "results.meta.json")
      #expect(try ResultsTable(paths: [path], codecs: nil).notes == notes)
    }
    // A file of another name has no meta file beside it, whatever lies there.
    let other = try folder.write(jpeg, to: "other.csv")
    #expect(try ResultsTable(paths: [other], codecs: nil).notes == [])
  }

  @Test func measuresWithoutScoresHaveNoCurves() throws {
    let table = try ResultsTable(rows: [jpeg], paths: ["r.csv"], codecs: nil)
    let measures = QualityMeasure.named("psnr") + QualityMeasure.named("ms_ssim")
    let (sets, missing) = try table.curveSets(of: measures, published: [], weighting: .images)
    #expect(sets.map(\.measure.id) == ["psnr_db"])
    #expect(missing.map(\.id) == ["ms_ssim", "ms_ssim_db"])
    let published = PublishedCurve(
      label: "bpg",
      points: ["ms_ssim": [RatePoint(rate: BitsPerPixel(1), score: Score(0.9), imageCount: 0)]])
    let both = try table.curveSets(of: measures, published: [published], weighting: .images)
    #expect(both.sets.map(\.measure.id) == ["psnr_db", "ms_ssim", "ms_ssim_db"])
    #expect(both.sets.map(\.curves.count) == [1, 0, 0])
    #expect(both.missing.isEmpty)
  }
}
