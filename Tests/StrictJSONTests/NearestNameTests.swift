import StrictJSON
import Testing

@Suite struct NearestNameTests {
  @Test(
    arguments: [
      ("qualty", "quality"), ("QUALITY", "quality"), ("moed", "mode"), ("mod", "mode"),
      ("chroma_subsamplign", "chroma_subsampling"),
    ])
  func `a slip of the finger finds the name`(typed: String, meant: String) {
    let candidates = ["quality", "mode", "chroma_subsampling"]
    #expect(nearestName(to: typed, in: candidates) == meant)
    #expect(didYouMean(typed, in: candidates) == "; did you mean \(meant)?")
  }

  @Test(arguments: ["x", "meta", "speed", ""])
  func `another word finds none`(typed: String) {
    #expect(nearestName(to: typed, in: ["mode", "quality"]) == nil)
    #expect(didYouMean(typed, in: ["mode", "quality"]) == "")
  }

  @Test func `the nearest of several is taken`() {
    #expect(nearestName(to: "method", in: ["methane", "methods"]) == "methods")
  }
}
