/// Comma-separated values as RFC 4180 describes them, in UTF-8.
public enum CSV {
  /// Joins one record, with quotes only where they are needed; the line end is included.
  public static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == comma || $0 == quote || $0 == lf || $0 == cr }) else {
      return field
    }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// Splits a whole file into records.
  ///
  /// Lines may end in LF or CR LF; a byte order mark and empty lines are skipped; a last record
  /// without a line end counts.
  ///
  /// - Throws: `ResultsError` for a quote that never closes or stands inside a bare field.
  static func records(in bytes: [UInt8]) throws(ResultsError) -> [[String]] {
    var parser = Parser()
    for byte in bytes.starts(with: byteOrderMark) ? bytes[3...] : bytes[...] {
      try parser.take(byte)
    }
    return try parser.finish()
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lf = UInt8(ascii: "\n")
  private static let cr = UInt8(ascii: "\r")

  private struct Parser {
    private enum Position {
      case fieldStart
      case bareField
      case quotedField
      case quoteInQuotedField
    }

    private var records: [[String]] = []
    private var record: [String] = []
    private var field: [UInt8] = []
    private var position = Position.fieldStart
    private var lineNumber = 1

    mutating func take(_ byte: UInt8) throws(ResultsError) {
      if byte == lf { lineNumber += 1 }
      switch (position, byte) {
      case (.quotedField, quote):
        position = .quoteInQuotedField
      case (.quotedField, _):
        field.append(byte)
      case (.quoteInQuotedField, quote):
        field.append(byte)
        position = .quotedField
      case (.fieldStart, quote):
        position = .quotedField
      case (_, comma):
        endField()
      case (_, lf):
        endRecord()
      case (_, cr):
        break
      case (.quoteInQuotedField, _), (.bareField, quote):
        throw ResultsError("line \(lineNumber) has a stray quotation mark")
      default:
        field.append(byte)
        position = .bareField
      }
    }

    mutating func finish() throws(ResultsError) -> [[String]] {
      guard position != .quotedField else {
        throw ResultsError("a quotation mark is never closed")
      }
      endRecord()
      return records
    }

    private mutating func endField() {
      record.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      position = .fieldStart
    }

    private mutating func endRecord() {
      if record.isEmpty && field.isEmpty && position == .fieldStart { return }
      endField()
      records.append(record)
      record.removeAll(keepingCapacity: true)
    }
  }
}
