import StrictJSON
import Testing

@Suite struct StrictJSONObjectTests {
  private struct Failure: StrictJSONFailure, Equatable {
    let message: String
    init(malformedJSON message: String) { self.message = message }
  }

  private func object(_ text: String) throws(Failure) -> StrictJSONObject<Failure> {
    try StrictJSONObject(json: text.utf8, subject: "the model")
  }

  private func problem(_ body: () throws -> Void) -> String? {
    #expect(throws: Failure.self, performing: body)?.message
  }

  @Test func `a key that need not be there is known once it was asked for`() throws {
    var object = try object(#"{"name": "x", "tiels": 3}"#)
    let name = try object.string("name")
    #expect(name == "x")
    let hasTiles = object.contains("tiles")
    #expect(!hasTiles)
    let message = problem { try object.finish() }
    #expect(message?.contains("tiels") == true)
    #expect(message?.contains("did you mean tiles?") == true)
  }

  @Test func `nothing is left over once all members were taken`() throws {
    var object = try object(#"{"a": 1, "b": null, "c": [1, 2], "d": {}}"#)
    let number = try object.integer("a", in: 0...1)
    let null = try object.numberOrNull("b")
    let list = try object.integers("c", counts: 1...2, in: 1...2)
    #expect(number == 1 && null == nil && list == [1, 2])
    try object.object("d").finish()
    try object.finish()
  }

  @Test func `values outside their range and of other types are refused`() throws {
    var object = try object(#"{"a": 2, "b": "1"}"#)
    let range = problem { _ = try object.integer("a", in: 0...1) }
    #expect(range == "the model cannot be used: a is no whole number from 0 to 1")
    let type = problem { _ = try object.number("b") }
    #expect(type == "the model cannot be used: b is no number")
    let missing = problem { _ = try object.string("c") }
    #expect(missing == "the model cannot be used: c is missing")
  }

  @Test func `what is no object, or has a key twice, is refused`() {
    let list = problem { _ = try object("[]") }
    #expect(list?.contains("it is no object") == true)
    let double = problem { _ = try object(#"{"a": 1, "a": 1}"#) }
    #expect(double?.contains("the key a twice") == true)
  }
}
