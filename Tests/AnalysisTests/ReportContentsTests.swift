import Foundation
import RateDistortion
import Reporting
import Results
import Testing

@testable import Analysis

@Suite struct ReportContentsTests {
  private let rows =
    MadeUpRows.lossless() + MadeUpRows.rows("jpeg")
    + MadeUpRows.rows("webp", bytes: [500, 750])

  /// The report as its page reads it.
  private func page(
    _ rows: [ResultRow], published: [PublishedCurve] = [], title: String? = nil,
    anchor: String? = nil
  ) throws -> [String: Any] {
    let table = try ResultsTable(rows: [rows], paths: ["r.csv"], codecs: nil)
    let report = try ReportContents(
      table: table, published: published, names: CodecLabels(), weighting: .images
    ).report(title: title, anchor: try anchor.map(Anchor.init))
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try #require(
      try JSONSerialization.jsonObject(with: encoder.encode(report)) as? [String: Any])
  }

  private func measure(_ id: String, of page: [String: Any]) throws -> [String: Any] {
    let measures = try #require(page["measures"] as? [[String: Any]])
    return try #require(measures.first { $0["id"] as? String == id })
  }

  @Test func everyConfigurationIsAnAnchor() throws {
    let page = try page(rows)
    let differences = try #require(
      try measure("psnr_db", of: page)["differences"] as? [[String: Any]])
    // The lossless codec has position 0, but no curve.
    #expect(differences.map { $0["anchor"] as? Int } == [1, 2])
    let means = differences.map { anchor in
      (anchor["lines"] as? [[String: Any]])?.map { line in
        (line["rate"] as? [String: Any])?["mean"] as? Double ?? .nan
      }
    }
    // −50 % and −25 % one way, +100 % and +33.3 % the other.
    #expect(abs(try #require(means[0]?.first) + 37.5) < 1e-9)
    #expect(abs(try #require(means[1]?.first) - 200.0 / 3) < 1e-9)
    #expect(page["firstAnchor"] as? Int == 1)
    let falling = try measure("mse", of: page)["differences"] as? [[String: Any]]
    #expect(falling?.isEmpty == true)
  }

  @Test func onlyMeasuresWithScoresAreShown() throws {
    let page = try page(rows)
    let ids = (page["measures"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
    #expect(ids == ["psnr_db", "psnr_of_mean_mse", "mse", "ssim", "ssim_db"])
    #expect(page["firstMeasure"] as? Int == 0)
    #expect(page["title"] as? String == "Image codecs on tiny")
    #expect(try self.page(rows, title: "T")["title"] as? String == "T")
  }

  @Test func theAnchorThatIsAskedForComesFirst() throws {
    #expect(try page(rows, anchor: "webp")["firstAnchor"] as? Int == 2)
    #expect(
      throws: AnalysisError("there are no results of avif, there are raw, jpeg, webp")
    ) { try page(rows, anchor: "avif") }
  }

  @Test func publishedCurvesAreLinesOfTheirDataset() throws {
    let points = (0..<5).map {
      RatePoint(
        rate: BitsPerPixel(0.5 * Double(1 << $0)), score: Score(30 + Double($0)), imageCount: 0)
    }
    let curves = ["", "kodak"].map {
      PublishedCurve(label: "bpg", dataset: $0, points: ["psnr_db": points])
    }
    let page = try page(MadeUpRows.rows("jpeg"), published: curves)
    let differences = try #require(
      try measure("psnr_db", of: page)["differences"] as? [[String: Any]])
    let lines = try #require(differences.first?["lines"] as? [[String: Any]])
    // The one without a dataset belongs to the only one of the results, that of Kodak to none.
    #expect(lines.map { $0["curve"] as? Int } == [1])
    let rate = try #require(lines[0]["rate"] as? [String: Any])
    #expect(abs(try #require(rate["meanCurves"] as? Double) + 50) < 1e-9)
    #expect(rate["mean"] is NSNull)
  }
}
