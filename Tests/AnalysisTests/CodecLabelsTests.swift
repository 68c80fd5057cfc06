import Codecs
import RateDistortion
import Testing

@testable import Analysis

@Suite struct CodecLabelsTests {
  private func key(_ codec: String, _ parameters: String) -> CurveKey {
    CurveKey(codec: codec, parameters: parameters, dataset: "kodak")
  }

  private var keys: [CurveKey] {
    [
      key("cw", "entropy=cabac;mode=quality"), key("cw", "entropy=none;mode=quality"),
      key("jpeg", "subsampling=420"), key("BPG 4:4:4", ""),
    ]
  }

  private func labels(_ texts: [String]) throws -> [String] {
    let labels = CurveLabels(keys, names: try CodecLabels(texts))
    return keys.map { labels[$0] }
  }

  @Test func aCodecKeepsItsDistinguishingParameters() throws {
    #expect(
      try labels(["cw=Ours", "jpeg=JPEG: 4:2:0"]) == [
        "Ours entropy=cabac", "Ours entropy=none", "JPEG: 4:2:0", "BPG 4:4:4",
      ])
  }

  @Test func aConfigurationIsNamedWholeByTheLabelWithMostParameters() throws {
    #expect(
      try labels([
        "cw=Ours", "cw:entropy=cabac=With CABAC", "cw:entropy=cabac:mode=quality=Both: a=b",
        "BPG 4:4:4=BPG",
      ]) == ["Both: a=b", "Ours entropy=none", "jpeg", "BPG"])
  }

  @Test(arguments: ["jpeg", "=x", "cw:entropy=cabac", "cw:entropy"])
  func aTextWithoutANameIsRefused(text: String) {
    let error = #expect(throws: AnalysisError.self) { try CodecLabels([text]) }
    #expect(error?.message.contains("--label \(text) should be codec=name") == true)
  }

  @Test func configurationsAreSelectedByTheirParameters() throws {
    let rows =
      MadeUpRows.rows("cw", parameters: "entropy=cabac")
      + MadeUpRows.rows("cw", parameters: "entropy=none") + MadeUpRows.rows("jpeg")
    func table(_ codecs: String) throws -> ResultsTable {
      try ResultsTable(
        rows: [rows], paths: ["r.csv"], codecs: CodecSpec.selection(codecs))
    }
    #expect(try table("cw:entropy=none,jpeg").keys.map(\.parameters).contains("entropy=none"))
    #expect(try table("cw:entropy=none,jpeg").keys.count == 2)
    #expect(try table("cw").keys.count == 2)
    #expect(
      throws: AnalysisError(
        "no configuration of cw has entropy=huffman, there are entropy=cabac or entropy=none")
    ) { try table("cw:entropy=huffman") }
  }
}
