import Foundation
import RateDistortion
import Testing

@Suite struct PublishedCurveTests {
  private let compressAI = """
    {
      "name": "Codec A",
      "description": "An invented codec",
      "results": {
        "bpp": [0.1, 0.5, 1.25],
        "psnr-rgb": [27.5, 31.25, 35],
        "ms-ssim-rgb": [0.9, 0.99, 0.999],
        "encoding_time": [1, 2, 3]
      }
    }
    """

  private let tensorFlow = """
    # Aggregate rate-distortion data for "Codec B (4:4:4, v1.0)" on kodak.
    # The first column contains bits per pixel (bpp) values.
    # The second column contains MS-SSIM/sRGB/Y' values.
    #
    # Notes:
    #  1. Invented.

    0.125, 0.9
    0.25, 0.95
    """

  @Test func `CompressAI's JSON gives a curve for each metric it knows`() throws {
    let curve = try #require(PublishedCurve.read(compressAI, name: "file").first)
    #expect(curve.label == "Codec A")
    #expect(curve.points.keys.sorted() == ["ms_ssim", "psnr_db"])
    let psnr = try #require(curve.curve(for: try measure("psnr_db")))
    #expect(psnr.points.map(\.rate.value) == [0.1, 0.5, 1.25])
    #expect(psnr.points.map(\.score.value) == [27.5, 31.25, 35])
    #expect(curve.curve(for: try measure("psnr_y_db")) == nil)
    #expect(curve.curve(for: try measure("psnr_of_mean_mse")) == nil)
  }

  @Test func `decibels follow from published means`() throws {
    let curve = try #require(PublishedCurve.read(compressAI, name: "file").first)
    let decibels = try #require(curve.curve(for: try measure("ms_ssim_db")))
    for (point, expected) in zip(decibels.points, [10.0, 20, 30]) {
      #expect(point.score.value.isApproximately(expected))
    }
  }

  @Test func `TensorFlow Compression's table names codec, set and metric`() throws {
    let curve = try #require(PublishedCurve.read(tensorFlow, name: "file").first)
    #expect(curve.label == "Codec B (4:4:4, v1.0)")
    #expect(curve.dataset == "kodak")
    #expect(curve.points.keys.sorted() == ["ms_ssim_y"])
    #expect(curve.points["ms_ssim_y"]?.map(\.rate.value) == [0.125, 0.25])
  }

  @Test(arguments: ["\n", "\r\n"])
  func `two columns are called after their file`(lineEnd: String) throws {
    let text = ["# from a paper", "bpp, psnr_y_db", "0.5, 30", "", "1, 33.5", ""]
      .joined(separator: lineEnd)
    let curve = try #require(PublishedCurve.read(text, name: "my-codec").first)
    #expect(curve.label == "my-codec")
    #expect(curve.points["psnr_y_db"]?.map(\.score.value) == [30, 33.5])
  }

  private static let columns =
    "system,dataset,metric,bits_per_pixel,value,rate_kind,obtained,source\n"

  @Test func `a collection has one curve for each system, and says which rates are estimates`()
    throws
  {
    let curves = try PublishedCurve.read(
      Self.columns + """
        "A (x, y)",kodak,psnr_db,0.5,30,actual,table,"a paper, table 1"
        B,kodak,psnr_db,0.25,28,estimated,authors_file,a file
        "A (x, y)",kodak,ms_ssim,0.5,0.99,actual,plot,"figure ""2\"""

        """, name: "file")
    #expect(curves.map(\.label) == ["A (x, y)", "B"])
    #expect(curves.map(\.dataset) == ["kodak", "kodak"])
    #expect(curves.map(\.rateKind) == [.actual, .estimated])
    #expect(curves.map(\.remark) == ["published", "published, estimated rate"])
    #expect(curves[0].points.keys.sorted() == ["ms_ssim", "psnr_db"])
    #expect(curves[1].points["psnr_db"]?.first?.rate == BitsPerPixel(0.25))
  }

  @Test(arguments: [
    (",kodak,psnr_db,1,30,actual,table,x", "line 2 has system “”"),
    ("A,kodak,vmaf,1,30,actual,table,x", "metric “vmaf”"),
    ("A,kodak,psnr_db,much,30,actual,table,x", "bits_per_pixel “much”"),
    ("A,kodak,psnr_db,1,good,actual,table,x", "value “good”"),
    ("A,kodak,psnr_db,1,30,real,table,x", "actual, estimated or unstated"),
    ("A,kodak,psnr_db,1,30,actual,guess,x", "table, authors_file or plot"),
    ("A,kodak,psnr_db,1,30,actual,table,", "each figure needs one"),
    ("A,kodak,psnr_db,1,30,actual,table", "line 2 has 7 fields"),
    ("A,kodak,psnr_db,-1,30,actual,table,x", "no point"),
    ("A,kodak,psnr_db,1,30,actual,table,\"x", "never closed"),
    (
      "A,kodak,psnr_db,1,30,actual,table,x\nA,kodak,psnr_db,2,33,estimated,table,x",
      "give the two different names"
    ),
    ("", "no line after the header"),
  ])
  func `a collection with a wrong line is refused`(line: String, word: String) {
    let error = #expect(throws: PublishedCurveError.self) {
      try PublishedCurve.read(Self.columns + line + "\n", name: "file")
    }
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test func `the collection of this repository can be read, with a source for each figure`()
    throws
  {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Results/published/kodak.csv")
    let curves = try PublishedCurve.read(
      String(contentsOf: url, encoding: .utf8), name: "kodak")
    #expect(curves.count == 11)
    #expect(curves.allSatisfy { $0.dataset == "kodak" })
    let balle = try #require(curves.first { $0.label == "Ballé 2017" })
    // Li et al. (2017) and many others compare with this curve.
    #expect(balle.points["psnr_db"]?.map(\.rate.value).first == 0.119752)
    #expect(balle.points["psnr_db"]?.map(\.score.value).first == 26.775134)
    #expect(
      curves.filter { $0.rateKind == .estimated }.map(\.label)
        == ["CWIC (MSE)", "CWIC (MS-SSIM)", "Zheng and Liang (single rate)"])
  }

  @Test(arguments: [
    ("", "header row"),
    ("rate,psnr_db\n1,30\n", "bits_per_pixel,METRIC"),
    ("bpp,vmaf\n1,30\n", "there is no metric vmaf"),
    ("bpp,psnr_db\n", "no point"),
    ("# x\nbpp,psnr_db\n1,30\n2,many\n", "line 4 is not"),
    ("bpp,psnr_db\n-1,30\n", "no point"),
    ("bpp,psnr_db\n1,inf\n", "no point"),
    ("bpp,psnr_db\n1,30,2\n", "line 2 is not"),
    ("{\"results\": 3}", "“results”"),
    ("{\"results\": {\"psnr-rgb\": [1]}}", "“bpp”"),
    ("{\"results\": {\"psnr-rgb\": [1], \"bpp\": [1, 2]}}", "has 1 numbers"),
    ("{\"results\": {\"bpp\": [1, 2]}}", "no point of a known metric"),
    ("# Aggregate rate-distortion data\n1,2\n", "does not name"),
    ("# Aggregate rate-distortion data for \"A\" on kodak.\n1,2\n", "second column"),
  ])
  func `what cannot be read is said in one sentence`(text: String, word: String) {
    let error = #expect(throws: PublishedCurveError.self) {
      try PublishedCurve.read(text, name: "file")
    }
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }
}
