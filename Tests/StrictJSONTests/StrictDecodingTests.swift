import Foundation
import StrictJSON
import Testing

@Suite struct StrictDecodingTests {
  private struct Step: Decodable, Equatable {
    let command: [String]
    let seconds: Double?

    enum CodingKeys: String, CodingKey, CaseIterable { case command, seconds }

    init(from decoder: any Decoder) throws {
      let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
      command = try container.decode([String].self, forKey: .command)
      seconds = try container.decodeIfPresent(Double.self, forKey: .seconds)
    }
  }

  private func read(_ text: String) throws(StrictDecodingError) -> [String: Step] {
    try decodeStrictly([String: Step].self, from: Data(text.utf8))
  }

  private func problem(_ text: String) -> String? {
    #expect(throws: StrictDecodingError.self) { try read(text) }?.problem
  }

  @Test func `an optional key may be there or not`() throws {
    let steps = try read(#"{"a": {"command": ["x"]}, "b": {"command": [], "seconds": 2}}"#)
    #expect(steps["a"]?.command == ["x"] && steps["a"]?.seconds == nil)
    #expect(steps["b"]?.command == [] && steps["b"]?.seconds == 2)
  }

  @Test func `an optional key that is spelled wrongly gets a hint`() {
    #expect(
      problem(#"{"encode": {"command": [], "secnods": 1}}"#)
        == "encode: there is no key secnods; did you mean seconds?")
    #expect(
      problem(#"{"encode": {"command": [], "zebra": 1}}"#) == "encode: there is no key zebra")
  }

  @Test func `the place of a problem is named`() {
    #expect(
      problem(#"{"encode": {"command": ["a", 2]}}"#)
        == "encode.command[1]: a value of type String is needed")
    #expect(problem(#"{"encode": {"seconds": 2}}"#) == "encode: command is missing")
  }

  @Test func `double keys are refused, which Foundation lets pass`() {
    let message = problem(#"{"a": {"command": []}, "a": {"command": []}}"#)
    #expect(message?.contains("the key a twice at byte") == true)
  }
}
