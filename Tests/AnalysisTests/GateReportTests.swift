import Comparing
import Foundation
import RateDistortion
import Results
import Testing

@testable import Analysis

@Suite struct GateReportTests {
  private let baseline = MadeUpRows.rows("jpeg")

  private func report(
    _ new: [ResultRow], with baseline: [ResultRow]? = nil, failOn: Set<ComparisonFinding> = [],
    portable: Set<String> = ["jpeg"]
  ) throws -> GateReport {
    func run(_ rows: [ResultRow], _ name: String) -> RecordedRun {
      RecordedRun(name: name, rows: rows, metadata: .unknown("there is no \(name).meta.json"))
    }
    let comparison = try RunComparison(
      of: run(new, "new"), against: run(baseline ?? self.baseline, "old"),
      rules: ComparisonRules(measures: QualityMeasure.named("psnr"), portableCodecs: portable))
    return GateReport(comparison, failOn: failOn)
  }

  @Test func nothingChanged() throws {
    let report = try report(baseline, failOn: [.bitstream, .rateDistortion, .speed])
    #expect(report.failures == [])
    #expect(report.conclusion == "passed")
    #expect(
      report.titles
        == [
          "codec", "measurements", "bitstreams", "BD-rate, PSNR", "encoding time", "decoding time",
        ])
    #expect(report.rows == [["jpeg", "10", "same", "0.00 %", "", ""]])
    #expect(report.sentences == ["no times are compared: there is no old.meta.json"])
    #expect(
      report.verdicts
        == [
          "bitstreams changed: none", "worse in rate and distortion: none", "slower: not compared",
        ])
  }

  @Test func moreBitsAreWorse() throws {
    let new = MadeUpRows.rows("jpeg", bytes: [1100, 1250]) {
      $0.bitstreamSHA256 = "new"
    }
    let report = try report(new, failOn: [.rateDistortion])
    #expect(report.failures == [.rateDistortion])
    #expect(report.conclusion == "failed: worse in rate and distortion")
    #expect(report.rows == [["jpeg", "10", "10 changed", "+17.50 %, worse", "", ""]])
    #expect(
      report.sentences.dropLast() == [
        "jpeg wrote other bytes: 10 of 10 bitstreams, a.png at 10, a.png at 20, a.png at 30 and 7 more",
        "jpeg needs 17.50 % more bits than the baseline at equal PSNR, 95 % interval +10.00 to "
          + "+25.00, 2 images; worst b.png (+25.00 %), a.png (+10.00 %)",
      ])
    #expect(
      report.verdicts == [
        "bitstreams changed: jpeg, which --fail-on does not ask for",
        "worse in rate and distortion: jpeg", "slower: not compared",
      ])
  }

  @Test func fewerBitsAreNoFailure() throws {
    let report = try report(
      MadeUpRows.rows("jpeg", bytes: [800]), failOn: [.rateDistortion])
    #expect(report.rows[0][3] == "-20.00 %, better")
    #expect(report.conclusion == "passed")
  }

  @Test func whatIsMissingCountsAsWorse() throws {
    var new = baseline
    new.removeLast()
    new[0].status = .crashed
    new[0].message = "signal 11"
    let old = baseline + MadeUpRows.rows("webp")
    let report = try report(new + MadeUpRows.rows("avif"), with: old, failOn: [.rateDistortion])
    #expect(report.failures == [.rateDistortion])
    #expect(report.rows.map { $0[1] } == ["9 of 10"])
    #expect(
      report.sentences.contains("jpeg fails where it did not: a.png at 10 (crashed: signal 11)"))
    #expect(report.sentences.contains("jpeg lacks 1 measurement of the baseline: b.png at 50"))
    #expect(report.sentences.contains("webp is only in the baseline"))
    #expect(report.sentences.contains("avif is only in the new run"))
    #expect(report.verdicts[1] == "worse in rate and distortion: jpeg, webp")
  }

  @Test func bytesThatCannotBeComparedAreNoVerdict() throws {
    let new = MadeUpRows.rows("cw") { $0.bitstreamSHA256 = "new" }
    let report = try report(
      new, with: MadeUpRows.rows("cw"), failOn: [.bitstream], portable: ["jpeg"])
    #expect(report.failures == [])
    #expect(report.rows[0][2] == "10 differ")
    #expect(report.verdicts[0] == "bitstreams changed: none, not comparable for cw")
    #expect(report.sentences[0].hasSuffix("which is no verdict: there is no old.meta.json"))
  }

  @Test func formats() throws {
    let report = try report(
      MadeUpRows.rows("jpeg", bytes: [800]), failOn: [.bitstream])
    let table = try GateFormat.table.text(report).split(separator: "\n")
    #expect(table[1].split(separator: #/  +/#) == ["jpeg", "10", "same", "-20.00 %, better"])
    #expect(table.last == "passed.")
    let markdown = try GateFormat.markdown.text(report)
    #expect(markdown.hasPrefix("### rdbench compare passed\n\n- bitstreams changed: none.\n"))
    #expect(markdown.contains("| jpeg | 10 | same | \u{2212}20.00 %, better |  |  |\n"))
    let json = try JSONSerialization.jsonObject(with: Data(GateFormat.json.text(report).utf8))
    let object = try #require(json as? [String: Any])
    #expect(object["passed"] as? Bool == true)
    #expect(object["findings"] as? [String] == [])
    let curve = try #require((object["curves"] as? [[String: Any]])?.first)
    #expect(curve["compared_measurements"] as? Int == 10)
    let verdict = try #require((curve["rate_distortion"] as? [[String: Any]])?.first)
    #expect(verdict["verdict"] as? String == "better")
    #expect(abs(try #require(verdict["bd_rate_percent"] as? Double) + 20) < 1e-9)
    #expect((curve["encoding"] as? [String: Any])?["ratio"] is NSNull)
  }

  @Test(arguments: [
    (1.254, 2, "+1.25"), (-1.256, 2, "-1.26"), (0, 2, "0.00"), (-0.004, 2, "0.00"),
    (0.004, 2, "0.00"), (0.0005, 3, "+0.001"),
  ])
  func signs(value: Double, decimals: Int, text: String) {
    #expect(signed(value, decimals) == text)
  }
}
