import RateDistortion
import Testing

@testable import Results

/// Which rows are compared, and what counts as a finding.
@Suite struct RunComparisonTests {
  private typealias Runs = ComparisonRuns

  @Test func `a run is the same as itself`() throws {
    let comparison = try Runs.compare(Runs.rows())
    let curve = try #require(comparison.curves.first)
    #expect(comparison.findings.isEmpty)
    #expect(curve.pairCount == 15)
    #expect(curve.bitstreams.outcome == .same)
    #expect(curve.rateDistortion.map(\.outcome) == [.same])
    #expect(curve.rateDistortion.first?.curves.mean == 0)
  }

  @Test func `a measurement that fails now is worse`() throws {
    var rows = Runs.rows()
    rows[7].status = .decodeFailed
    rows[7].message = "broken"
    rows[7].scores = [:]
    let comparison = try Runs.compare(rows)
    let failures = try #require(comparison.curves.first?.newFailures)
    #expect(failures.map(\.measurement.text) == ["b.png at 30"])
    #expect(failures.map(\.status) == [.decodeFailed])
    #expect(comparison.findings == [.rateDistortion])
    let back = try Runs.compare(Runs.rows(), with: rows)
    #expect(back.findings.isEmpty)
    #expect(back.curves.first?.repairedCount == 1)
  }

  @Test func `a missing measurement is worse unless it is allowed, a further one is not`() throws {
    let short = Array(Runs.rows().dropLast(2))
    let comparison = try Runs.compare(short)
    #expect(comparison.curves.first?.missing.map(\.text) == ["c.png at 40", "c.png at 50"])
    #expect(comparison.findings == [.rateDistortion])
    #expect(try Runs.compare(short) { $0.allowsMissing = true }.findings.isEmpty)
    let longer = try Runs.compare(Runs.rows(), with: short)
    #expect(longer.findings.isEmpty)
    #expect(longer.curves.first?.addedCount == 2)
  }

  @Test func `settings that only one run has do not change the distance`() throws {
    let wider = Runs.rows(qualities: [10, 20, 30, 40, 50, 60])
    let comparison = try Runs.compare(wider)
    #expect(comparison.curves.first?.rateDistortion.first?.curves.mean == 0)
  }

  @Test func `a codec that is not measured any more is worse, another one is not`() throws {
    let both = Runs.rows() + Runs.rows("webp")
    let lost = try Runs.compare(Runs.rows(), with: both)
    #expect(lost.missingCurves.map(\.codec) == ["webp"])
    #expect(lost.findings == [.rateDistortion])
    #expect(
      try Runs.compare(Runs.rows(), with: both) { $0.allowsMissing = true }.findings.isEmpty)
    let won = try Runs.compare(both)
    #expect(won.addedCurves.map(\.codec) == ["webp"])
    #expect(won.findings.isEmpty)
  }

  @Test func `versions of a library are kept`() throws {
    let curve = try #require(Runs.compare(Runs.rows(version: "libjpeg 2")).curves.first)
    #expect(curve.baselineVersion == "libjpeg 1")
    #expect(curve.newVersion == "libjpeg 2")
  }

  @Test func `the order of the rows does not matter`() throws {
    let comparison = try Runs.compare(Runs.rows().reversed())
    #expect(comparison.findings.isEmpty)
    #expect(comparison.curves.first?.bitstreams.outcome == .same)
  }

  @Test func `other pixels under the same name are an error`() throws {
    let rows = Runs.rows { row in
      if row.subject.image == "b.png" { row.subject.imageSHA256 = "others" }
    }
    let error = #expect(throws: ResultsError.self) { try Runs.compare(rows) }
    #expect(error?.message.hasPrefix("b.png of made-up has other pixels in new.csv") == true)
  }

  @Test(arguments: ["dataset", "parameters", "codec"])
  func `runs with nothing in common are an error`(difference: String) throws {
    let rows = Runs.rows(
      difference == "codec" ? "webp" : "jpeg",
      parameters: difference == "parameters" ? "subsampling=444" : ""
    ) { row in
      if difference == "dataset" { row.subject.dataset = "another" }
    }
    let error = #expect(throws: ResultsError.self) { try Runs.compare(rows) }
    #expect(error?.message.contains("no codec with the same parameters") == true)
  }

  @Test func `a measurement that is there twice is an error`() throws {
    let rows = Runs.rows()
    let error = #expect(throws: ResultsError.self) { try Runs.compare(rows + [rows[3]]) }
    #expect(error?.message == "new.csv: jpeg measured a.png at 40 twice; keep one of the two rows")
  }
}
