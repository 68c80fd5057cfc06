import TestSupport
import Codecs
import Testing

/// What a call to an outside program is said to have cost.
@Suite struct RecipeTimingTests {
  private func encodeDuration(_ encoder: [String: Any]) throws -> CallDuration {
    let codec = try #require(try TestRecipe.codec(["encode": encoder]) as? any SelfTimedCodec)
    return try codec.measuredEncode(TestPicture.constant(9, width: 8, height: 8), at: .fixed).1
  }

  @Test func `waiting costs wall-clock time and no processor time`() throws {
    let duration = try encodeDuration(TestRecipe.script("sleep 0.5; cp \"$1\" \"$2\""))
    #expect(duration.wallSeconds >= 0.5)
    #expect(duration.processorSeconds < 0.4)
  }

  @Test func `working costs processor time, that of children too`() throws {
    let work = "head -c 200000000 /dev/zero | cksum > /dev/null"
    let duration = try encodeDuration(TestRecipe.script("sh -c '\(work)'; cp \"$1\" \"$2\""))
    #expect(duration.processorSeconds > 0.02)
  }

  @Test(arguments: [
    ("echo 1.25 > own.txt", ["file": "own.txt"]),
    ("echo ' 1.25 '", ["file": "stdout.txt"]),
    ("echo Total: 1.25 s >&2", ["file": "stderr.txt", "pattern": "Total: ([0-9.]+) s"]),
  ])
  func `seconds that the program reports are the wall-clock time`(
    script: String, seconds: [String: String]
  ) throws {
    let duration = try encodeDuration(
      TestRecipe.script("cp \"$1\" \"$2\"; \(script)", seconds: seconds))
    #expect(duration.wallSeconds == 1.25)
    #expect(duration.processorSeconds < 1)
  }

  @Test(arguments: ["true", "echo soon > own.txt", "echo -1 > own.txt", "echo inf > own.txt"])
  func `a report that is no number of seconds is a failure`(script: String) throws {
    let error = #expect(throws: CodecError.self) {
      try encodeDuration(
        TestRecipe.script("cp \"$1\" \"$2\"; \(script)", seconds: ["file": "own.txt"]))
    }
    #expect(error?.message == "sh left no number of seconds in own.txt")
  }
}
