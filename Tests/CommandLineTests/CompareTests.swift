import TestSupport
import Foundation
import ImageMetrics
import Testing

@testable import Results

/// `rdbench compare` as a user runs it.
@Suite struct CompareTests {
  private let qualities = [10.0, 20, 30, 40, 50]

  private func jpeg(_ bytes: Int = 1000, change: (inout ResultRow) -> Void = { _ in })
    -> [ResultRow]
  {
    TinyResults.rows("jpeg", qualities: qualities, bytes: bytes).map { row in
      var row = row
      row.bitstreamSHA256 = "\(row.subject.image) \(row.encodedBytes ?? 0)"
      row.subject.imageSHA256 = row.subject.image
      change(&row)
      return row
    }
  }

  /// Compares rows with `jpeg()` and other codecs.
  private func run(
    _ new: [ResultRow], with baseline: [ResultRow]? = nil, options: [String] = []
  ) throws -> Program.Outcome {
    let folder = try TemporaryFolder()
    try TinyResults.write(baseline ?? jpeg(), to: "old.csv", in: folder)
    try TinyResults.write(new, to: "new.csv", in: folder)
    return try Program.run(["compare", "old.csv", "new.csv"] + options, in: folder.path)
  }

  @Test func `the same rows pass with any --fail-on`() throws {
    let outcome = try run(jpeg(), options: ["--fail-on", "bitstream,rd,speed"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.hasSuffix("\npassed.\n"))
    #expect(outcome.output.contains("slower: not compared."))
    #expect(outcome.output.contains("no times are compared: there is no old.meta.json."))
  }

  @Test func `worse in rate and distortion ends with 1 and names the worst images`() throws {
    let rows = jpeg(1100) { row in
      if row.subject.image == "b.png" { row.encodedBytes = row.encodedBytes.map { $0 * 6 / 5 } }
    }
    let outcome = try run(rows)
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains("jpeg needs 21.00 % more bits than the baseline at equal PSNR"))
    #expect(outcome.output.contains("worst b.png (+32.00 %), a.png (+10.00 %)."))
    #expect(outcome.output.hasSuffix("failed: worse in rate and distortion.\n"))
    #expect(try run(rows, options: ["--fail-on", "speed"]).exitCode == 0)
    #expect(try run(rows, options: ["--fail-on", "none"]).exitCode == 0)
    #expect(try run(rows, options: ["--rate-threshold", "50"]).exitCode == 0)
  }

  @Test func `better is said and passes`() throws {
    let outcome = try run(jpeg(900))
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("jpeg needs 10.00 % fewer bits than the baseline"))
    #expect(outcome.output.contains("-10.00 %, better"))
  }

  @Test func `other bytes end with 1 only where they are asked for`() throws {
    let rows = jpeg { $0.bitstreamSHA256? += " changed" }
    let quiet = try run(rows)
    #expect(quiet.exitCode == 0)
    #expect(
      quiet.output.contains(
        "jpeg wrote other bytes: 10 of 10 bitstreams, a.png at 10, a.png at 20, a.png at 30 and 7 "
          + "more."))
    #expect(quiet.output.contains("bitstreams changed: jpeg, which --fail-on does not ask for."))
    #expect(try run(rows, options: ["--fail-on", "bitstream"]).exitCode == 1)
  }

  @Test func `a codec that this build does not know needs the same instruction sets`() throws {
    func cw(_ digest: String) -> [ResultRow] {
      TinyResults.rows("cw", qualities: qualities).map { row in
        var row = row
        row.bitstreamSHA256 = digest
        return row
      }
    }
    let outcome = try run(cw("new"), with: cw("old"), options: ["--fail-on", "bitstream"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("which is no verdict: there is no old.meta.json."))
    #expect(outcome.output.contains("bitstreams changed: none, not comparable for cw."))
  }

  @Test func `failures, missing measurements, versions and codecs are named`() throws {
    var rows = jpeg { $0.subject.codecVersion = "2" }
    rows[3].status = .crashed
    rows[3].scores = [:]
    rows.removeLast()
    let outcome = try run(
      rows + TinyResults.rows("new", qualities: qualities),
      with: jpeg() + TinyResults.rows("gone", qualities: qualities))
    #expect(outcome.exitCode == 1)
    for sentence in [
      "jpeg was 1 in the baseline and is 2 now.",
      "jpeg fails where it did not: a.png at 40 (crashed).",
      "jpeg lacks 1 measurement of the baseline: b.png at 50.",
      "gone is only in the baseline.", "new is only in the new run.",
      "worse in rate and distortion: jpeg, gone.",
    ] {
      #expect(outcome.output.contains(sentence + "\n"), "\(outcome.output)")
    }
  }

  @Test func `Markdown begins with the verdict`() throws {
    let outcome = try run(jpeg(900), options: ["--format", "markdown"])
    #expect(outcome.output.hasPrefix("### rdbench compare passed\n\n- bitstreams changed: jpeg"))
    #expect(outcome.output.contains("| jpeg | 10 | 10 changed | \u{2212}10.00 %, better |"))
  }

  @Test func `JSON holds verdicts and figures`() throws {
    let outcome = try run(jpeg(1100), options: ["--json"])
    #expect(outcome.exitCode == 1)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["passed"] as? Bool == false)
    #expect(object["findings"] as? [String] == ["bitstream", "rd"])
    let curve = try #require((object["curves"] as? [[String: Any]])?.first)
    let verdict = try #require((curve["rate_distortion"] as? [[String: Any]])?.first)
    #expect(verdict["verdict"] as? String == "worse")
    #expect(abs(try #require(verdict["bd_rate_percent"] as? Double) - 10) < 1e-9)
    #expect((curve["encoding"] as? [String: Any])?["verdict"] as? String == "not_comparable")
  }

  @Test(arguments: [
    (["--fail-on", "rate"], "--fail-on knows bitstream, rd, speed"),
    (["--fail-on", "speeed"], "did you mean speed?"),
    (["--metric", "mse"], "mse is not in decibels; use psnr"),
    (["--metric", "ssm"], "there is no metric ssm"),
    (["--time-floor", "nan"], "--time-floor takes a number"),
  ])
  func `wrong use is one sentence and 2`(options: [String], words: String) throws {
    let outcome = try run(jpeg(), options: options)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `files that cannot be compared are an error`() throws {
    let other = try run(jpeg { $0.subject.imageSHA256 = "other" })
    #expect(other.exitCode == 2)
    #expect(
      other.errors == """
        rdbench: a.png of tiny has other pixels in new.csv than in old.csv; compare runs of the same \
        images

        """)
    #expect(try run(TinyResults.rows("webp")).exitCode == 2)
    #expect(try run([]).errors.contains("new.csv has no rows"))
    #expect(try Program.run(["compare", "missing.csv", "missing.csv"]).exitCode == 2)
  }

  @Test func `the committed Kodak results pass against themselves`() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Results/kodak/results.csv").standardized.path
    let outcome = try Program.run(["compare", path, path, "--fail-on", "bitstream,rd,speed"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("slower: none."))
  }
}
