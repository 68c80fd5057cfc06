import Foundation
import RateDistortion
import Testing

@testable import Analysis

@Suite struct CurveFilesTests {
  private let folder: TemporaryFolder
  private let results: String
  private let bpg: String
  private let again: String

  init() throws {
    folder = try TemporaryFolder()
    results = try folder.write(MadeUpRows.rows("jpeg"), to: "results.csv")
    bpg = try folder.write(Data("bits_per_pixel,psnr_db\n1,30\n2,33\n".utf8), to: "BPG.csv")
    again = try folder.write(
      Data("{\"name\": \"BPG\", \"results\": {\"bpp\": [1], \"psnr\": [31]}}".utf8),
      to: "other.json")
  }

  @Test func filesAreSortedByTheirContent() throws {
    let files = try CurveFiles(paths: [bpg, results, again, "missing.csv"])
    #expect(files.results == [results, "missing.csv"])
    #expect(files.published.map(\.label) == ["BPG", "BPG"])
    // The second file with the same figure is told apart by its name.
    #expect(files.published.map(\.source) == ["", "other"])
    #expect(files.published[0].points["psnr_db"]?.map(\.score.value) == [30, 33])
  }

  @Test func systemsAreChosenByTheBeginningOfTheirName() throws {
    #expect(try CurveFiles(paths: [bpg], systems: ["bp"]).published.count == 1)
    #expect(throws: AnalysisError("there is no published curve vtm, there are BPG")) {
      try CurveFiles(paths: [bpg], systems: ["vtm"])
    }
    #expect(throws: AnalysisError("--published bpg: there is no file of published curves")) {
      try CurveFiles(paths: [results], systems: ["bpg"])
    }
  }

  @Test func aPublishedFileThatCannotBeReadIsNamed() throws {
    let path = try folder.write(Data("{\"results\": {}}".utf8), to: "bad.json")
    #expect(throws: AnalysisError("\(path): the JSON has no array “bpp”")) {
      try CurveFiles(paths: [path])
    }
  }
}
