import Foundation

/// Reading and writing `results.csv`.
public enum ResultsFile {
  /// The name of the file that a run writes.
  public static let fileName = "results.csv"
  /// The header row.
  public static let header = CSV.line(ResultColumn.all.map(\.name))

  /// One row as a line of the file, line end included.
  public static func line(_ row: ResultRow) -> String {
    CSV.line(ResultColumn.all.map { $0.text(row) })
  }

  /// Reads one line as ``line(_:)`` wrote it.
  ///
  /// - Returns: `nil` unless the line is exactly that, its line end included.
  static func row(line: [UInt8]) -> ResultRow? {
    guard let fields = try? CSV.records(in: line).first,
      fields.count == ResultColumn.all.count
    else { return nil }
    var row = ResultRow.blank
    for (column, field) in zip(ResultColumn.all, fields) where !column.take(&row, field) {
      return nil
    }
    return Array(Self.line(row).utf8) == line ? row : nil
  }

  /// Reads a file that ``header`` and ``line(_:)`` wrote, or one whose columns stand in another
  /// order or are joined by unknown ones.
  ///
  /// - Throws: ``ResultsError`` that names the file and the line.
  public static func read(path: String) throws(ResultsError) -> [ResultRow] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ResultsError("\(path) cannot be read; is it the results.csv of a run?")
    }
    do throws(ResultsError) {
      return try rows(in: Array(data))
    } catch {
      throw ResultsError("\(path): \(error.message)")
    }
  }

  /// Reads the rows of a file's bytes.
  ///
  /// - Throws: ``ResultsError`` for a missing column or a field that is none of its column's values.
  public static func rows(in bytes: [UInt8]) throws(ResultsError) -> [ResultRow] {
    let records = try CSV.records(in: bytes)
    guard let names = records.first else { throw ResultsError("the file is empty") }
    var columns: [(column: ResultColumn, position: Int)] = []
    for column in ResultColumn.all {
      if let position = names.firstIndex(of: column.name) {
        columns.append((column, position))
      } else if !column.mayBeMissing {
        throw ResultsError("there is no column \(column.name), so this is not a results.csv")
      }
    }
    var rows: [ResultRow] = []
    rows.reserveCapacity(records.count - 1)
    for (index, record) in records.enumerated().dropFirst() {
      guard record.count == names.count else {
        throw ResultsError(
          "record \(index + 1) has \(record.count) fields, the header row has \(names.count)")
      }
      var row = ResultRow.blank
      for (column, position) in columns where !column.take(&row, record[position]) {
        throw ResultsError(
          "record \(index + 1) has \(column.name) “\(record[position])”, which is no value of it")
      }
      rows.append(row)
    }
    return rows
  }
}

extension ResultRow {
  /// A row for the columns to fill in.
  fileprivate static let blank = ResultRow(
    subject: Subject(
      dataset: "", image: "", codec: "", codecVersion: "", parameters: "", quality: .fixed),
    status: .ok)
}
