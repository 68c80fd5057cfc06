import TestSupport
import Foundation
import Testing

@Suite struct DatasetsCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `list names every set and where it is`() throws {
    for number in 1...24 {
      try folder.write([], to: "kodak/kodim\(number < 10 ? "0" : "")\(number).png")
    }
    let arguments = ["datasets", "list", "--dataset-root", folder.path]
    let outcome = try Program.run(arguments)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("\(folder.path)/kodak\n"))
    let json = try JSONSerialization.jsonObject(
      with: Data(try Program.run(arguments + ["--json"]).output.utf8))
    let names = (json as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(
      names == [
        "synthetic", "kodak", "kodak-li2017", "clic2020-professional-valid-12",
        "clic2020-professional-valid",
      ])
  }

  @Test func `verify accepts the drawn set`() throws {
    let outcome = try Program.run(["datasets", "verify", "synthetic"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasSuffix("synthetic: 9 ok\n"))
  }

  @Test func `a wrong and a missing file are findings with exit code 1`() throws {
    try folder.write(Pictures.rgb(width: 8, height: 8), to: "kodak/kodim01.png")
    let arguments = ["datasets", "verify", "\(folder.path)/kodak"]
    let outcome = try Program.run(arguments)
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains("kodim01.png  wrong_digest\nkodim02.png  missing\n"))
    #expect(outcome.output.hasSuffix("/kodak: 1 wrong_digest, 23 missing\n"))
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(try Program.run(arguments + ["--json"]).output.utf8)) as? [String: Any])
    #expect(json["accepted"] as? Bool == false && json["missing_count"] as? Int == 23)
  }

  @Test func `images without a manifest are unverified, which is no finding`() throws {
    try folder.write(Pictures.rgb(width: 8, height: 8), to: "photos/a.ppm")
    let outcome = try Program.run(["datasets", "verify", "\(folder.path)/photos"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasSuffix("/photos: 1 unverified\n"))
  }

  @Test func `fetch has nothing to do for the drawn set`() throws {
    let outcome = try Program.run(["datasets", "fetch", "synthetic"])
    #expect(outcome.exitCode == 0 && outcome.output.contains("nothing to fetch"))
  }

  @Test(arguments: ["fetch", "verify"])
  func `an unknown name is one sentence with the nearest name, and exit code 2`(
    command: String
  ) throws {
    let outcome = try Program.run(["datasets", command, "kodac"])
    #expect(outcome.exitCode == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("rdbench: there is no dataset "))
    #expect(outcome.errors.hasSuffix("; did you mean kodak?\n"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a download folder that cannot be made is one sentence and exit code 2`() throws {
    try folder.write([], to: "file")
    let outcome = try Program.run(
      ["datasets", "fetch", "kodak", "--dataset-root", "\(folder.path)/file"])
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.hasSuffix("cannot be made; give another with --dataset-root\n"))
  }
}
