import Codecs
import RateDistortion
import Testing

@testable import Comparing
@testable import Results

/// When rate and distortion count as worse.
@Suite struct RateDistortionVerdictTests {
  private typealias Runs = ComparisonRuns

  private func verdict(
    _ new: [ResultRow], with baseline: [ResultRow] = Runs.rows(),
    rules: (inout ComparisonRules) -> Void = { _ in }
  ) throws -> RateDistortionVerdict {
    let comparison = try Runs.compare(new, with: baseline, rules: rules)
    let verdict = try #require(comparison.curves.first?.rateDistortion.first)
    #expect(
      comparison.findings.contains(.rateDistortion) == (verdict.outcome <= .undecided))
    return verdict
  }

  private func scaled(_ factor: Double) -> [ResultRow] {
    Runs.rows { $0.encodedBytes = $0.encodedBytes.map { Int((Double($0) * factor).rounded()) } }
  }

  @Test func `a tenth more bits is worse by 10 per cent, a tenth fewer is better`() throws {
    let worse = try verdict(scaled(1.1))
    #expect(worse.outcome == .worse)
    #expect(abs(try #require(worse.curves.mean) - 10) < 1e-2)
    #expect(worse.worstImages.count == 3)
    #expect(worse.settings.isEmpty)
    #expect(try verdict(scaled(0.9)).outcome == .better)
  }

  @Test func `the threshold decides`() throws {
    #expect(try verdict(scaled(1.004)).outcome == .same)
    #expect(try verdict(scaled(1.004)) { $0.ratePercent = 0.1 }.outcome == .worse)
  }

  @Test func `a mean that images disagree about is no verdict`() throws {
    // One image 9 per cent more, one 6 per cent fewer, one the same: the interval holds 0.
    let factors = ["a.png": 1.09, "b.png": 0.94, "c.png": 1.0]
    let rows = Runs.rows { row in
      let factor = factors[row.subject.image] ?? 1
      row.encodedBytes = row.encodedBytes.map { Int((Double($0) * factor).rounded()) }
    }
    let verdict = try verdict(rows)
    #expect(try #require(verdict.curves.mean) > 0.5)
    #expect(verdict.outcome == .same)
    #expect(verdict.worstImages.map(\.image) == ["a.png"])
  }

  @Test(arguments: [
    (1.1, 0.0, RateDistortionVerdict.Outcome.worse), (0.9, 0, .better), (1, -0.5, .worse),
    (1, 0.5, .better), (1.1, 0.5, .undecided), (0.9, -0.5, .undecided), (1.1, -0.5, .worse),
    (1.001, -0.01, .same),
  ])
  func `short curves are compared setting by setting`(
    factor: Double, decibels: Double, expected: RateDistortionVerdict.Outcome
  ) throws {
    let rows = Runs.rows(qualities: [10, 20]) { row in
      row.encodedBytes = row.encodedBytes.map { Int((Double($0) * factor).rounded()) }
      row.scores[.psnr]? += decibels
    }
    let verdict = try verdict(rows, with: Runs.rows(qualities: [10, 20]))
    #expect(verdict.curves.mean == nil)
    #expect(verdict.settings.map(\.quality) == [10, 20])
    #expect(verdict.outcome == expected)
  }

  @Test func `curves that no longer overlap are worse`() throws {
    let rows = Runs.rows { $0.scores[.psnr]? -= 10 }
    let verdict = try verdict(rows)
    #expect(verdict.curves.mean == nil)
    #expect(verdict.outcome == .worse)
  }

  @Test func `a loss at one end is found where the curves share little of their span`() throws {
    // The two highest settings fall back to the quality of the third and cost what they did.
    let rows = Runs.rows { row in
      if let psnr = row.scores[.psnr], psnr > 33 { row.scores[.psnr] = 33 + (psnr - 33) / 1000 }
    }
    let verdict = try verdict(rows)
    #expect(try #require(verdict.curves.meanOverlap) < RateDistortionVerdict.leastOverlap)
    #expect(verdict.outcome == .worse)
  }

  @Test func `a lossless codec has a rate and stays lossless`() throws {
    func raw(_ bytes: Int, _ psnr: Double = .infinity) -> [ResultRow] {
      Runs.rows("raw", qualities: [nil]) { row in
        row.encodedBytes = bytes
        row.scores = [.mse: psnr.isInfinite ? 0 : 1, .psnr: psnr]
      }
    }
    let baseline = raw(3_000_000)
    #expect(try verdict(baseline, with: baseline).outcome == .same)
    #expect(try verdict(raw(3_100_000), with: baseline).outcome == .worse)
    #expect(try verdict(raw(2_900_000), with: baseline).outcome == .better)
    let lossy = try verdict(raw(3_000_000, 48), with: baseline)
    #expect(lossy.outcome == .worse)
    #expect(lossy.settings.first?.lossyImages == Runs.images)
    #expect(try verdict(baseline, with: raw(3_000_000, 48)).outcome == .better)
  }

  @Test func `a metric without values in both runs has no verdict`() throws {
    let comparison = try Runs.compare(Runs.rows()) {
      $0.measures = QualityMeasure.named("ms_ssim_db")
    }
    #expect(comparison.curves.first?.rateDistortion.isEmpty == true)
  }
}
