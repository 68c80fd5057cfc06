import TestSupport
import Foundation
import Testing

@testable import Comparing
@testable import Results

/// Verdicts on bytes and time, which need to know the machines.
@Suite struct MachineVerdictTests {
  private typealias Runs = ComparisonRuns

  private func changedBytes(_ codec: String) -> [ResultRow] {
    Runs.rows(codec) { row in
      if row.subject.image == "b.png" { row.bitstreamSHA256? += " changed" }
    }
  }

  private func slower(_ factor: Double, plus seconds: Double = 0) -> [ResultRow] {
    Runs.rows { row in
      guard let timing = row.timing else { return }
      row.timing?.encodeSeconds = timing.encodeSeconds * factor + seconds
    }
  }

  private func encoding(
    _ rows: [ResultRow], rules: (inout ComparisonRules) -> Void = { _ in }
  ) throws -> SpeedVerdict {
    let metadata = try Runs.metadata()
    let comparison = try Runs.compare(
      rows, newMetadata: metadata, baselineMetadata: metadata, rules: rules)
    let curve = try #require(comparison.curves.first)
    #expect(curve.findings.contains(.speed) == (curve.encoding.outcome == .slower))
    #expect(curve.decoding.outcome == .same)
    return curve.encoding
  }

  @Test func `other bytes of a portable codec are a verdict on any machine`() throws {
    let comparison = try Runs.compare(changedBytes("jpeg"))
    let bitstreams = try #require(comparison.curves.first?.bitstreams)
    #expect(bitstreams.outcome == .changed)
    #expect(bitstreams.changed.map(\.text).first == "b.png at 10")
    #expect(bitstreams.changed.count == 5)
    #expect(comparison.findings == [.bitstream])
  }

  @Test func `other bytes of a learned codec are one on the same instruction sets only`() throws {
    func outcome(_ old: RunMetadata?, _ new: RunMetadata?) throws -> BitstreamVerdict.Outcome? {
      try Runs.compare(
        changedBytes("cw"), with: Runs.rows("cw"), newMetadata: new, baselineMetadata: old
      ).curves.first?.bitstreams.outcome
    }
    let plain = try Runs.metadata()
    let other = try Runs.metadata(instructionSets: ["avx2", "avx512f"])
    #expect(try outcome(plain, plain) == .changed)
    #expect(try outcome(plain, Runs.metadata(processor: "Fast 2")) == .changed)
    #expect(
      try outcome(plain, other)
        == .notComparable("the runs were made on processors with different instruction sets"))
    #expect(try outcome(plain, nil) == .notComparable("there is no meta file"))
  }

  @Test func `bytes that are the same need no machine, and none at all are no verdict`() throws {
    let same = try Runs.compare(Runs.rows("cw"), with: Runs.rows("cw"))
    #expect(same.curves.first?.bitstreams.outcome == .same)
    let bare = Runs.rows { $0.bitstreamSHA256 = nil }
    let outcome = try Runs.compare(bare).curves.first?.bitstreams.outcome
    #expect(outcome == .notComparable("no measurement has a bitstream_sha256 in both files"))
  }

  @Test func `slower is a ratio, its interval and a floor`() throws {
    let verdict = try encoding(slower(1.5))
    #expect(verdict.outcome == .slower)
    let figures = try #require(verdict.figures)
    #expect(abs(figures.ratio - 1.5) < 1e-9)
    #expect(abs(figures.change - 0.015) < 1e-9)
    #expect(try encoding(slower(1.1)).outcome == .same)
    #expect(try encoding(slower(1.1)) { $0.timePercent = 5 }.outcome == .slower)
    #expect(try encoding(slower(1.5)) { $0.timeFloorSeconds = 0.02 }.outcome == .same)
    #expect(try encoding(slower(0.5)).outcome == .faster)
  }

  @Test func `one disturbed image does not make a codec slower`() throws {
    let rows = Runs.rows { row in
      if row.subject.image == "c.png" { row.timing?.encodeSeconds *= 20 }
    }
    let verdict = try encoding(rows)
    #expect(verdict.outcome == .same)
    #expect(verdict.figures?.worstImages.map(\.image) == ["c.png"])
  }

  @Test func `times of different machines, builds and jobs are not compared`() throws {
    let plain = try Runs.metadata()
    for (other, words) in [
      (try Runs.metadata(processor: "Fast 2"), "different machines"),
      (try Runs.metadata(instructionSets: []), "different machines"),
      (try Runs.metadata(processor: nil), "does not name the processor"),
      (try Runs.metadata(configuration: "debug"), "debug build"),
      (try Runs.metadata(jobs: 2), "1 and 2 images side by side"),
      (try Runs.metadata(reusedRows: 3), "took measurements from the store"),
    ] {
      let comparison = try Runs.compare(
        slower(3), newMetadata: other, baselineMetadata: plain)
      #expect(comparison.timeObstacle?.contains(words) == true, "\(comparison.timeObstacle ?? "")")
      #expect(comparison.reusedCount == other.reuse?.reusedRows)
      #expect(comparison.findings.isEmpty)
      #expect(comparison.curves.first?.encoding.figures == nil)
    }
  }

  @Test func `times with other threads are not compared`() throws {
    let metadata = try Runs.metadata()
    let rows = Runs.rows { $0.threads = 4 }
    let curve = try #require(
      Runs.compare(rows, newMetadata: metadata, baselineMetadata: metadata).curves.first)
    #expect(curve.encoding.figures == nil)
  }

  @Test func `the meta file is the one of the same name, and is believed if it fits`() throws {
    let folder = try TemporaryFolder()
    let text = ResultsFile.header + Runs.rows().map(ResultsFile.line).joined()
    try folder.write(Array(text.utf8), to: "old.csv")
    let path = "\(folder.path)/old.csv"
    func reason() throws -> String? {
      guard case .unknown(let reason) = try RecordedRun.read(path: path).metadata else {
        return nil
      }
      return reason
    }
    #expect(try reason()?.hasPrefix("there is no ") == true)
    try folder.write(Array("{}".utf8), to: "old.meta.json")
    #expect(try reason()?.hasSuffix("old.meta.json cannot be read") == true)
    try folder.write(Array(try Runs.metadata(rowCount: 7).json()), to: "old.meta.json")
    #expect(try reason()?.contains("with 7 rows where") == true)
    try folder.write(Array(try Runs.metadata(rowCount: 15).json()), to: "old.meta.json")
    #expect(try reason() == nil)
  }
}
