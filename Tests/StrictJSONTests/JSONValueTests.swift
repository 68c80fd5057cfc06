import StrictJSON
import Testing

@Suite struct JSONValueTests {
  private func problem(_ text: String) -> JSONError? {
    #expect(throws: JSONError.self) { try JSONValue(text.utf8) }
  }

  @Test func `every kind of value is read`() throws {
    let text = #" {"a": [1, -2.5, 1e2, true, false, null], "b": {"c": "\u00e9\n\ud83d\ude00"}} "#
    let expected: JSONValue = .object([
      "a": .array([
        .integer(1), .number(-2.5), .number(100), .boolean(true), .boolean(false), .null,
      ]),
      "b": .object(["c": .string("é\n😀")]),
    ])
    #expect(try JSONValue(text.utf8) == expected)
  }

  @Test func `a key that stands twice is refused, even if one is escaped`() {
    #expect(problem(#"{"a": 1, "a": 1}"#)?.message == "the key a twice")
    #expect(problem(#"{"a": 1, "\u0061": 2}"#)?.message == "the key a twice")
    #expect(problem(#"[{"x": {"b": 1, "b": 2}}]"#)?.message == "the key b twice")
  }

  @Test func `the same key in two objects is no problem`() throws {
    let one = JSONValue.object(["a": .integer(1)])
    #expect(try JSONValue(#"[{"a": 1}, {"a": 1}]"#.utf8) == .array([one, one]))
  }

  @Test func `nesting ends at 64 levels`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    guard case .array = try JSONValue(nested(64).utf8) else {
      Issue.record("64 levels are no array")
      return
    }
    let error = problem(nested(65))
    #expect(error == JSONError(offset: 64, message: "nested too deeply"))
    // Far more than the stack would hold.
    #expect(problem(String(repeating: "[", count: 1_000_000)) == error)
  }

  @Test(
    arguments: [
      ("", 0), ("{} x", 3), ("[1,]", 3), ("01", 2), ("-", 0), ("1.", 2), ("1e", 2), ("tru", 0),
      ("[1 2]", 3), (#"{"a" 1}"#, 5), ("{a: 1}", 1), (#""\x""#, 3), ("NaN", 0), ("+1", 0),
    ])
  func `what is not JSON is refused with its place`(text: String, offset: Int) {
    #expect(problem(text)?.offset == offset)
  }

  @Test func `numbers that no Double holds and broken texts are refused`() {
    #expect(problem("1e999")?.message == "a number out of range")
    #expect(problem(#""\ud800""#)?.message == "half a surrogate pair")
    #expect(problem("\"a\nb\"")?.message == "a control character in a string")
    let error = #expect(throws: JSONError.self) { try JSONValue([0x22, 0xFF, 0x22]) }
    #expect(error?.message == "a string that is not UTF-8")
  }
}
