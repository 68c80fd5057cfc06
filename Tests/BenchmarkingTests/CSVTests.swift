import Testing

@testable import Results

@Suite struct CSVTests {
  @Test func `fields are quoted only where they must be`() {
    #expect(CSV.line(["a", "", "b c"]) == "a,,b c\n")
    #expect(
      CSV.line(["a,b", "say \"no\"", "two\nlines"]) == "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\n"
    )
  }

  @Test(arguments: [
    ["plain", "", "last"], ["a,b", "\"", "\"\""], ["\r\n", ",", "\n"], ["", "", ""],
    ["ü – 東", " ", "x"],
  ])
  func `what is written reads back`(fields: [String]) throws {
    let bytes = Array((CSV.line(fields) + CSV.line(["next", "1", "2"])).utf8)
    #expect(try CSV.records(in: bytes) == [fields, ["next", "1", "2"]])
  }

  @Test func `other programs' line ends, byte order mark and last line are understood`() throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array("a,b\r\n\r\n\"c\"\r\n1,2".utf8)
    #expect(try CSV.records(in: bytes) == [["a", "b"], ["c"], ["1", "2"]])
  }

  @Test(arguments: ["a\"b,c\n", "\"a\"b\n", "\"never closed\n"])
  func `broken quoting is an error`(text: String) {
    #expect(throws: ResultsError.self) { try CSV.records(in: Array(text.utf8)) }
  }
}
