import Foundation
import RateDistortion
import Testing

@testable import Analysis

@Suite struct ComparisonFormatTests {
  private func lines() throws -> [AnchorComparison.Line] {
    let rows =
      MadeUpRows.rows("jpeg") + MadeUpRows.rows("a|b_c", bytes: [500, 750])
      + MadeUpRows.rows("webp", psnr: 80)
    return try AnchorComparison(
      table: ResultsTable(rows: [rows], paths: ["r.csv"], codecs: nil), published: [],
      anchor: Anchor("jpeg"), measure: QualityMeasure.named("psnr")[0], interpolation: .pchip,
      weighting: .images, names: CodecLabels()
    ).lines
  }

  @Test func tableHasAColumnForEachFigure() throws {
    let text = try ComparisonFormat.table.text(lines())
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: #/  +/#).map(String.init)
    }
    #expect(
      rows[0] == [
        "codec", "anchor", "metric", "BD-rate (%)", "95 % interval", "BD-quality",
        "95 % interval", "mean curves (%)", "overlap", "images", "dropped points",
      ])
    // −50 % and −25 %: 1 dB and log2(4/3) dB.
    #expect(
      rows[1] == [
        "a|b_c", "jpeg", "psnr_db", "-37.5", "-50.0 to -25.0", "0.71", "0.42 to 1.00", "-37.5",
        "1.00", "2", "0",
      ])
    // The rates overlap although the scores do not, so there is a distance in quality.
    #expect(
      rows[2] == [
        "webp", "jpeg", "psnr_db", "noOverlap", "50.00", "50.00 to 50.00", "noOverlap", "0", "0",
      ])
    #expect(rows[3] == [])
    #expect(rows[4].first?.hasPrefix("a|b_c needs 37.5 % fewer bits than jpeg") == true)
  }

  @Test func markdownEscapesBarsAndHasTrueMinusSigns() throws {
    let lines = try ComparisonFormat.markdown.text(lines()).split(separator: "\n")
    #expect(lines[1].hasPrefix("| --- | --- | --- | ---: |"))
    #expect(
      lines[2].hasPrefix(
        "| a\\|b_c | jpeg | psnr_db | \u{2212}37.5 | \u{2212}50.0 to \u{2212}25.0 |"))
    #expect(lines.last?.hasPrefix("- webp has no BD-rate against jpeg in PSNR") == true)
  }

  @Test func latexSetsNumbersAsFormulas() throws {
    let text = try ComparisonFormat.latex.text(lines())
    #expect(text.contains("\\begin{tabular}{lllrrrrrrrr}\n"))
    #expect(text.contains("b\\_c & jpeg & psnr\\_db & $-37.5$ & $-50.0$ to $-25.0$ & $0.71$ & "))
    #expect(text.contains("webp & jpeg & psnr\\_db & noOverlap &  & $50.00$ & "))
  }

  @Test func jsonHoldsEveryImage() throws {
    let text = try ComparisonFormat.json.text(lines())
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    let rate = try #require(list[0]["bd_rate_percent"] as? [String: Any])
    let images = try #require(rate["images"] as? [String: [String: Any]])
    #expect(abs(try #require(images["a.png"]?["value"] as? Double) + 50) < 1e-9)
    #expect(abs(try #require(images["b.png"]?["value"] as? Double) + 25) < 1e-9)
    #expect(rate["image_count"] as? Int == 2)
    let other = try #require(list[1]["bd_rate_percent"] as? [String: Any])
    #expect(other["mean"] is NSNull)
    let reason = (other["images"] as? [String: [String: Any]])?["a.png"]?["reason"]
    #expect(reason as? String == "noOverlap")
  }
}
