import Foundation
import RateDistortion
import Results
import Testing

@testable import Reporting

@Suite struct ReportPageTests {
  /// What someone might put into a file name or a label to break a page.
  private static let hostile = [
    "</script><script>alert(1)</script>", "<!--<script>", "\" onload='alert(1)'", "&lt;b&gt;",
    "%data%", "a\u{2028}b", "quote\"back\\slash",
  ]

  private func report(image: String = "a.png", codec: String = "jpeg") throws -> Report {
    let rows = try TestRows.rows(images: [image, "b.png"], codec: codec)
    return TestRows.report(rows, title: "Title of \(image)")
  }

  private func page(_ report: Report) throws -> String {
    String(decoding: try ReportPage(report).html(), as: UTF8.self)
  }

  /// The JSON that the page holds.
  private func data(in page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "id=\"report-data\">"))
    let end = try #require(page[start.upperBound...].range(of: "</script>"))
    let text = page[start.upperBound..<end.lowerBound]
    return try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func count(_ text: String, in page: String) -> Int {
    page.components(separatedBy: text).count - 1
  }

  @Test func `the page has its parts and refers to nothing outside`() throws {
    let page = try page(try report())
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(page.contains("<title>Title of a.png</title>"))
    for id in ["chart", "differences-table", "stage", "rows-table", "runs"] {
      #expect(page.contains("id=\"\(id)\""))
    }
    for field in ["policy", "generator", "style", "data", "script"] {
      #expect(!page.contains("%\(field)%"))
    }
    // The one address is the name of the SVG language.
    let addresses = page.matches(of: /https?:\/\/[^"\s]+/).map { String($0.output) }
    #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
    #expect(page.contains("default-src 'none'; img-src data:; script-src 'sha256-"))
    #expect(count("</script>", in: page) == 2)
  }

  @Test(arguments: hostile)
  func `names cannot leave their place`(name: String) throws {
    let plain = try page(try report())
    let page = try page(try report(image: name, codec: name))
    // The same elements, whatever the names.
    for tag in ["<script", "</script", "<!--", "<b>", "<title"] {
      #expect(count(tag, in: page) == count(tag, in: plain))
    }
    let data = try data(in: page)
    let images = try #require(data["images"] as? [[String: Any]])
    #expect(images.first?["name"] as? String == name)
    let curves = try #require(data["curves"] as? [[String: Any]])
    #expect(curves.first?["label"] as? String == name)
  }

  @Test func `the same report gives the same bytes`() throws {
    #expect(try ReportPage(report()).html() == ReportPage(report()).html())
  }

  @Test func `infinite scores stay infinite, and their codec has no curve`() throws {
    let rows = try TestRows.rows(images: ["a.png"], codec: "raw", lossless: true)
    let data = try data(in: try page(TestRows.report(rows, measure: "psnr")))
    let table = try #require(data["rows"] as? [String: Any])
    let scores = try #require((table["scores"] as? [[Any]])?.first)
    #expect(scores as? [String] == ["inf", "inf"])
    let curves = try #require(data["curves"] as? [[String: Any]])
    #expect(curves.first?["lossless"] as? Bool == true)
  }

  @Test func `failed rows are kept with their message and have no score`() throws {
    let rows = try TestRows.rows(images: ["a.png", "b.png"], codec: "jpeg", failing: "b.png")
    let data = try data(in: try page(TestRows.report(rows, measure: "psnr")))
    let table = try #require(data["rows"] as? [String: Any])
    #expect(table["status"] as? [String] == ["ok", "ok", "encode_failed", "encode_failed"])
    #expect((table["message"] as? [String])?.last == "it <never> encodes")
    #expect((table["scores"] as? [[Any]])?.first?.last is NSNull)
    let curves = try #require(data["curves"] as? [[String: Any]])
    #expect(curves.first?["failures"] as? Int == 2)
  }
}
