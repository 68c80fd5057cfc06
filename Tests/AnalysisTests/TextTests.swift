import Foundation
import Testing

@testable import Analysis

@Suite struct TextTests {
  @Test func tableColumnsAreAligned() {
    var table = TextTable([("name", .left), ("n", .right), ("", .left)])
    table.add(["a", "10", ""])
    table.add(["longer", "9", "x"])
    #expect(table.text == "name     n\na       10\nlonger   9  x\n")
  }

  @Test(arguments: [(1.25, 1, "1.2"), (-0.04, 1, "-0.0"), (.infinity, 3, "inf"), (2, 0, "2")])
  func fixedDecimals(value: Double, decimals: Int, text: String) {
    #expect(fixed(value, decimals) == text)
  }

  @Test func jsonKnowsNoInfinity() throws {
    let text = try JSONText.object([
      "b": .number(.infinity), "a": .list([.number(nil), .integer(2), .number(0.1), .bool(true)]),
      "c": .string("x/y"),
    ])
    #expect(
      text == """
        {
          "a" : [
            null,
            2,
            0.1,
            true
          ],
          "b" : null,
          "c" : "x/y"
        }
        """)
  }

  @Test func repeatsGo() {
    #expect([3, 1, 3, 2, 1].withoutRepeats == [3, 1, 2])
  }

  @Test func figuresGoToAFolderThatIsMade() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appendingPathComponent("new/figures").path
    #expect(try FigureFolder(path: path).write(Data([1]), to: "a.svg") == "\(path)/a.svg")
    #expect(try FigureFolder(path: path + "/").write(Data([2]), to: "a.svg") == "\(path)/a.svg")
    #expect(FileManager.default.contents(atPath: "\(path)/a.svg") == Data([2]))
    let file = try folder.write(Data(), to: "file")
    #expect(
      throws: AnalysisError("\(file)/a.svg cannot be written; choose another folder with --output")
    ) { try FigureFolder(path: file).write(Data(), to: "a.svg") }
  }
}
