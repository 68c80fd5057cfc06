import Codecs
import Testing

@Suite struct CodecSpecTests {
  @Test(arguments: [
    ("jpeg", "jpeg", [:]),
    ("jpeg:subsampling=444", "jpeg", ["subsampling": "444"]),
    (
      "filtered:base=jpeg:base.subsampling=444", "filtered",
      ["base": "jpeg", "base.subsampling": "444"]
    ),
    ("x:a=b=c", "x", ["a": "b=c"]), ("x:a=", "x", ["a": ""]),
  ])
  func `a spec is an id and parameters`(text: String, id: String, parameters: [String: String])
    throws
  {
    let spec = try CodecSpec(parsing: text)
    #expect(spec == CodecSpec(id: id, parameters: parameters))
    #expect(try CodecSpec(parsing: spec.description) == spec)
  }

  @Test func `it is printed with sorted names`() throws {
    #expect(try CodecSpec(parsing: "a:z=1:b=2:b.c=3").description == "a:b=2:b.c=3:z=1")
  }

  @Test(arguments: ["", ";", "a=1;b=2;b.c=x", "a=1;2;b=3", "a=x=y"])
  func `the parameters column is read`(text: String) {
    let spec = CodecSpec(id: "x", canonicalParameters: text)
    let expected: [String: [String: String]] = [
      "a=1;b=2;b.c=x": ["a": "1", "b": "2", "b.c": "x"], "a=1;2;b=3": ["a": "1;2", "b": "3"],
      "a=x=y": ["a": "x=y"],
    ]
    #expect(spec.parameters == expected[text] ?? [:])
  }

  @Test func `a spec includes the configurations that it does not exclude`() throws {
    let full = CodecSpec(id: "cw", canonicalParameters: "entropy=cabac;mode=quality")
    for text in ["cw", "cw:entropy=cabac", "cw:mode=quality:entropy=cabac"] {
      #expect(try CodecSpec(parsing: text).includes(full), "\(text)")
    }
    for text in ["cw2", "cw:entropy=none", "cw:entropy=cabac:depth=3"] {
      #expect(try !CodecSpec(parsing: text).includes(full), "\(text)")
    }
  }

  @Test(arguments: [
    ("cw=Ours", "cw", "Ours"), ("cw=", "cw", ""), ("cw=a=b:c", "cw", "a=b:c"),
    ("cw:entropy=cabac=Ours: a=b", "cw:entropy=cabac", "Ours: a=b"),
    ("cw:entropy=cabac:mode=rate=R", "cw:entropy=cabac:mode=rate", "R"),
    ("f:base=jpeg:base.subsampling=444=4:4:4", "f:base=jpeg:base.subsampling=444", "4:4:4"),
  ])
  func `a text after a spec begins at the first equals sign that is left`(
    text: String, spec: String, label: String
  ) throws {
    let parts = try #require(CodecSpec.split(text))
    #expect(parts.spec.description == spec && parts.text == label)
  }

  @Test(arguments: ["", "cw", "=x", "cw:entropy=cabac", "cw:entropy", "cw:a=1:a=2=x", ":a=b=c"])
  func `what has no text after a spec is refused`(text: String) {
    #expect(CodecSpec.split(text) == nil)
  }
}

@Suite struct CodecCapabilitiesTests {
  private let small = CodecCapabilities(colorModels: [.gray], minimumSize: 8, maximumSize: 100)

  @Test func `pictures outside are refused in words`() {
    #expect(small.refusal(width: 8, height: 100, colorModel: .gray) == nil)
    #expect(
      small.refusal(width: 50, height: 50, colorModel: .rgb)
        == "codes grey pictures only, and the picture is in colour")
    #expect(
      small.refusal(width: 50, height: 101, colorModel: .gray)
        == "holds at most 100 pixels each way and the picture has 50×101")
    #expect(
      small.refusal(width: 7, height: 50, colorModel: .gray)
        == "needs at least 8 pixels each way and the picture has 7×50")
    #expect(CodecCapabilities.anything.refusal(width: 1, height: 1 << 20, colorModel: .rgb) == nil)
  }

  @Test func `two codecs in one take what both take`() {
    #expect(small.intersection(.anything) == small)
    #expect(small.intersection(CodecCapabilities(colorModels: [.rgb])) == nil)
    #expect(small.intersection(CodecCapabilities(minimumSize: 101)) == nil)
    #expect(
      small.intersection(CodecCapabilities(minimumSize: 2, maximumSize: 50))
        == CodecCapabilities(colorModels: [.gray], minimumSize: 8, maximumSize: 50))
  }
}
