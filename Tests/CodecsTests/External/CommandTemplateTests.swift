import Testing

@testable import Codecs

@Suite struct CommandTemplateTests {
  @Test(arguments: [
    ("plain", "plain"), ("{quality}", "75"), ("-q={quality}", "-q=75"),
    ("{quality}x{width}", "75x640"), ("{{quality}}", "{quality}"), ("{{{quality}}}", "{75}"),
    ("", ""), ("a b $(c) 'd'", "a b $(c) 'd'"),
  ])
  func `placeholders are filled and everything else stays`(text: String, expected: String) throws {
    let template = try #require(CommandTemplate(text))
    #expect(template.filled(with: ["quality": "75", "width": "640"]) == expected)
  }

  @Test func `what is put in is not looked at again`() throws {
    let template = try #require(CommandTemplate("{input}"))
    #expect(template.filled(with: ["input": "{output} ; rm"]) == "{output} ; rm")
    #expect(template.placeholders == ["input"])
  }

  @Test(arguments: ["{", "}", "{quality", "quality}", "{}", "{a{b}}", "{{quality}"])
  func `a brace without its other is refused`(text: String) {
    #expect(CommandTemplate(text) == nil)
  }
}
