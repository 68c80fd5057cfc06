import TestSupport
import Foundation
import Testing

@Suite struct ReportTests {
  /// Measures two small pictures and keeps them.
  private func run(in folder: TemporaryFolder) throws {
    for index in 1...2 {
      let picture = Pictures.rgb(width: 40 + index, height: 24)
      try folder.write(picture, to: "set/\(index).ppm")
    }
    let outcome = try Program.run(
      [
        "run", "--dataset", "set", "--codecs", "jpeg,webp,raw", "--qualities",
        "jpeg:20,40,60,80", "--qualities", "webp:20,40,60,80", "--keep-images",
      ], in: folder.path)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
  }

  @Test func `the same results give the same bytes, with pictures`() throws {
    let folder = try TemporaryFolder()
    try run(in: folder)
    for name in ["a.html", "b.html"] {
      let outcome = try Program.run(
        ["report", "results.csv", "--anchor", "webp", "--output", name], in: folder.path)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(outcome.output == "Wrote \(name).\n")
    }
    let page = try #require(folder.text("a.html"))
    #expect(page == folder.text("b.html"))
    #expect(page.contains("<title>Image codecs on set</title>"))
    #expect(page.contains("\"firstAnchor\":1"))
    #expect(page.contains("data:image/png;base64,"))
    #expect(page.contains("needs") && page.contains("95 % interval"))
    for secret in [folder.path, "\"start\"", "processor"] { #expect(!page.contains(secret)) }
  }

  @Test func `results without pictures or a meta file give a report without viewer`() throws {
    let folder = try TemporaryFolder()
    try TinyResults.write(TinyResults.rows("jpeg"), to: "results.csv", in: folder)
    let outcome = try Program.run(["report", "results.csv"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try #require(folder.text("report.html")).contains("\"pictures\":[]"))
  }

  @Test(arguments: [
    (["report", "missing.csv"], "missing.csv cannot be read"),
    (["report", "results.csv", "--pictures=-1"], "--pictures"),
    (["report", "results.csv", "--pictures", "3.ppm"], "kept no pictures of 3.ppm"),
    (["report", "results.csv", "--rates", "0.5,0"], "--rates takes numbers"),
    (["report", "results.csv", "--window", "10"], "--window 10 should be"),
    (["report", "results.csv", "--anchor", "jpg"], "did you mean jpeg?"),
    (["report", "results.csv", "--output", "none/report.html"], "none/report.html"),
    (["report", "results.csv", "--output", "results.csv"], "is the input"),
  ])
  func `wrong use is one sentence`(arguments: [String], sentence: String) throws {
    let folder = try TemporaryFolder()
    try run(in: folder)
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
