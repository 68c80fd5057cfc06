import Files
import Foundation
import Results

/// The HTML file of a report: one page that needs nothing but itself.
///
/// The page's parts are the readable files in `Page/`, compiled into the program. A content security
/// policy allows the page its own script and style, named by their digests, and pictures inside the
/// page; everything else, the network included, is forbidden to it. Text from the results stands in a
/// block of JSON in which `<`, `>` and `&` are escaped, so that no name can end it.
public struct ReportPage: Sendable {
  private let report: Report

  /// Prepares the page of a report.
  public init(_ report: Report) {
    self.report = report
  }

  /// The file's bytes: the same for the same report.
  public func html() throws -> [UInt8] {
    let style = Self.text(PackageResources.report_css)
    let script = Self.scripts.map(Self.text).joined(separator: "\n")
    let policy = [
      "default-src 'none'", "img-src data:", "script-src \(Self.source(script))",
      "style-src \(Self.source(style))", "base-uri 'none'", "form-action 'none'",
    ]
    let fields = [
      "policy": policy.joined(separator: "; "),
      "generator": "rdbench \(BuildInformation.rdbenchVersion)",
      "title": Self.escaped(report.title), "style": style, "script": script,
      "data": try Self.json(report),
    ]
    return Array(Self.filled(Self.text(PackageResources.page_html), with: fields).utf8)
  }

  /// In the order in which the page needs them.
  private static let scripts: [[UInt8]] = [
    PackageResources.page_core_js, PackageResources.chart_data_js, PackageResources.chart_js,
    PackageResources.chart_input_js, PackageResources.tables_js, PackageResources.differences_js,
    PackageResources.measurements_js, PackageResources.viewer_js, PackageResources.page_start_js,
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What a content security policy calls a script or style of these words.
  private static func source(_ text: String) -> String {
    let digest = Data(SHA256Digest.bytes(of: Data(text.utf8)))
    return "'sha256-\(digest.base64EncodedString())'"
  }

  /// Replaces each `%name%` of the template by its field, once, so that a field may hold any text.
  private static func filled(_ template: String, with fields: [String: String]) -> String {
    template.split(separator: "%", omittingEmptySubsequences: false).enumerated()
      .map { index, part in
        index.isMultiple(of: 2) ? String(part) : fields[String(part)] ?? "%\(part)%"
      }.joined()
  }

  /// Text between tags or in a quoted attribute.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  /// JSON that may stand in a script element; infinity becomes `"inf"`.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    // Only strings can hold these, and there the escapes mean the same.
    return text.replacing("<", with: "\\u003C").replacing(">", with: "\\u003E")
      .replacing("&", with: "\\u0026")
  }
}
