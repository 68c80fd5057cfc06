import TestSupport
import Foundation
import Testing

/// `rdbench bd` as a user runs it.
@Suite struct BDTests {
  private let qualities = [10.0, 20, 30, 40, 50]

  /// Results in which `half` needs exactly half the bits of `jpeg`, and `more` a tenth more.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var raw = TinyResults.rows("raw", qualities: [0])
    for index in raw.indices { raw[index].scores = [.mse: 0, .psnr: .infinity, .ssim: 1] }
    try TinyResults.write(
      TinyResults.rows("jpeg", qualities: qualities)
        + TinyResults.rows("half", qualities: qualities, bytes: 500)
        + TinyResults.rows("more", qualities: qualities, bytes: 1100)
        + TinyResults.rows("far", qualities: qualities, psnr: 60)
        + TinyResults.rows("few", qualities: [10, 20]) + raw,
      to: "results.csv", in: folder)
    return folder
  }

  private func run(_ options: [String]) throws -> Program.Outcome {
    let folder = try folder()
    return try Program.run(["bd", "results.csv", "--anchor", "jpeg"] + options, in: folder.path)
  }

  @Test func `each line is also a sentence with its direction`() throws {
    let outcome = try run([])
    #expect(outcome.exitCode == 0)
    for sentence in [
      "half needs 50.0 % fewer bits than jpeg at equal PSNR, 95 % interval 50.0 to 50.0, 2 images.",
      "more needs 10.0 % more bits than jpeg at equal PSNR, 95 % interval 10.0 to 10.0, 2 images.",
      "far has no BD-rate against jpeg in PSNR: a.png, b.png (the curves do not overlap).",
      "few has no BD-rate against jpeg in PSNR: a.png, b.png (fewer than 4 points).",
    ] {
      #expect(outcome.output.contains(sentence + "\n"), "\(outcome.output)")
    }
    #expect(outcome.output.contains("noOverlap"))
    #expect(outcome.output.contains("tooFewPoints"))
    #expect(outcome.errors.contains("raw is left out, because it is lossless"))
  }

  @Test func `Markdown has true minus signs, LaTeX escapes and booktabs`() throws {
    let markdown = try run(["--codecs", "half", "--format", "markdown"]).output
    #expect(markdown.contains("| half | jpeg | psnr_db | −50.0 | −50.0 to −50.0 |"))
    #expect(markdown.contains("- half needs 50.0 % fewer bits"))
    let latex = try run(["--codecs", "half", "--format", "latex"]).output
    #expect(latex.contains("\\toprule"))
    #expect(latex.contains("half & jpeg & psnr\\_db & $-50.0$ & $-50.0$ to $-50.0$ &"))
  }

  @Test func `JSON holds numbers, reasons and each image`() throws {
    let text = try run(["--codecs", "half,far", "--format", "json"]).output
    let lines = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(lines.map { $0["codec"] as? String } == ["half", "far"])
    let half = try #require(lines[0]["bd_rate_percent"] as? [String: Any])
    #expect(abs(try #require(half["mean"] as? Double) + 50) < 1e-9)
    #expect((half["images"] as? [String: Any])?.keys.sorted() == ["a.png", "b.png"])
    let far = try #require(lines[1]["bd_rate_percent"] as? [String: Any])
    #expect(far["mean"] is NSNull)
    #expect((far["mean_curves"] as? [String: Any])?["reason"] as? String == "noOverlap")
  }

  @Test func `published curves are chosen by name, and estimated rates are noted`() throws {
    let folder = try folder()
    let points = (0..<5).map { ("\(Double($0 + 1) * 0.9)", "\(30 + $0)") }
    let lines = [("A one", "actual"), ("B two", "estimated")].flatMap { system, kind in
      points.map { "\(system),tiny,psnr_db,\($0.0),\($0.1),\(kind),table,invented\n" }
    }
    let header = "system,dataset,metric,bits_per_pixel,value,rate_kind,obtained,source\n"
    try folder.write(Array((header + lines.joined()).utf8), to: "theirs.csv")
    func run(_ options: [String]) throws -> Program.Outcome {
      try Program.run(
        ["bd", "results.csv", "theirs.csv", "--anchor", "jpeg", "--codecs", "half"] + options,
        in: folder.path)
    }
    let all = try run([])
    #expect(all.output.contains("A one (published) needs 10.0 % fewer bits than jpeg"))
    #expect(all.output.contains("B two (published, estimated rate) needs 10.0 % fewer bits"))
    #expect(
      all.errors == "rdbench: note: the rate of B two is an estimate, not the size of files\n")
    let one = try run(["--published", "a"])
    #expect(one.output.contains("A one") && !one.output.contains("B two"))
    let none = try run(["--published", "C"])
    #expect(none.exitCode == 2)
    #expect(none.errors.contains("there is no published curve C, there are A one; B two"))
  }

  @Test(arguments: [
    (["--metric", "mse"], "psnr_of_mean_mse"),
    (["--anchor", "jepg"], "did you mean jpeg?"),
    (["--anchor", "jpeg:subsampling=420"], "no configuration of jpeg has subsampling=420"),
    (["--codecs", "jpeg"], "nothing to compare with jpeg"),
    (["--metric", "psrn"], "did you mean psnr?"),
  ])
  func `wrong use is one sentence`(options: [String], word: String) throws {
    let outcome = try run(options)
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(word), "\(outcome.errors)")
  }

  @Test func `an anchor with two configurations has to be named in full`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(
      TinyResults.rows("jpeg", parameters: "a=1;s=420", qualities: qualities)
        + TinyResults.rows("jpeg", parameters: "a=1;s=444", qualities: qualities, bytes: 1200),
      to: "results.csv", in: folder)
    let unclear = try Program.run(["bd", "results.csv", "--anchor", "jpeg"], in: folder.path)
    #expect(unclear.exitCode == 2)
    #expect(unclear.errors.contains("a=1;s=420 or a=1;s=444"))
    let clear = try Program.run(["bd", "results.csv", "--anchor", "jpeg:s=420"], in: folder.path)
    #expect(clear.output.contains("jpeg s=444 needs 20.0 % more bits than jpeg s=420"))
  }

  @Test func `a published curve is compared with the mean curve alone`() throws {
    let folder = try folder()
    // jpeg has 1 to 5 bits per pixel at 30 to 34 dB.
    let rows = (1...5).map { "\(Double($0) / 2),\(29 + $0)\n" }.joined()
    try folder.write(Array("bits_per_pixel,psnr_db\n\(rows)".utf8), to: "theirs.csv")
    let options = ["bd", "results.csv", "theirs.csv", "--anchor", "jpeg", "--codecs", "half"]
    let outcome = try Program.run(options, in: folder.path)
    #expect(
      outcome.output.contains(
        "theirs (published) needs 50.0 % fewer bits than jpeg at equal PSNR on the mean curves, "
          + "overlap 1.00.\n"))
    let json = try Program.run(options + ["--format", "json"], in: folder.path).output
    let lines = try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(lines.map { $0["published"] as? Bool } == [false, true])
  }

  @Test func `the same configuration in a second file is compared with the first`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(TinyResults.rows("jpeg", qualities: qualities), to: "old.csv", in: folder)
    try TinyResults.write(
      TinyResults.rows("jpeg", qualities: qualities, bytes: 900), to: "new.csv", in: folder)
    let outcome = try Program.run(
      ["bd", "old.csv", "new.csv", "--anchor", "jpeg"], in: folder.path)
    #expect(outcome.output.contains("jpeg (new) needs 10.0 % fewer bits than jpeg (old)"))
  }
}
