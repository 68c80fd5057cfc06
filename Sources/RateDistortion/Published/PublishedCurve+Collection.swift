extension PublishedCurve {
  /// The columns of a collection, a CSV with a line for each published figure.
  ///
  /// - `system`: what the authors call it; `dataset`: a name, or empty where it is not known.
  /// - `metric`: the id of a ``QualityMeasure``; `bits_per_pixel` and `value`: the point.
  /// - `rate_kind`: a ``RateKind``.
  /// - `obtained`: `table`, `authors_file` or `plot`; `source`: the citation, never empty.
  static let collectionColumns = [
    "system", "dataset", "metric", "bits_per_pixel", "value", "rate_kind", "obtained", "source",
  ]

  private static let waysObtained: Set = ["table", "authors_file", "plot"]

  /// Whether a header row is that of a collection.
  public static func isCollectionHeader(_ line: some StringProtocol) -> Bool {
    let names = line.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
    return collectionColumns.allSatisfy(names.contains)
  }

  /// Reads a collection: one curve for each system and dataset, in the order of the file.
  static func readCollection(
    _ lines: [Line], columns: [String]
  ) throws(PublishedCurveError) -> [PublishedCurve] {
    var positions: [String: Int] = [:]
    for name in collectionColumns {
      guard let position = columns.firstIndex(of: name) else {
        throw PublishedCurveError(message: "the header row has no column \(name)")
      }
      positions[name] = position
    }
    var entries: [Entry] = []
    for line in lines {
      let fields = try fields(of: line)
      guard fields.count == columns.count else {
        throw PublishedCurveError(
          message: "line \(line.number) has \(fields.count) fields, the header row has "
            + "\(columns.count)")
      }
      entries.append(try Entry(line: line.number) { fields[positions[$0] ?? 0] })
    }
    return try curves(of: entries)
  }

  private static func curves(
    of entries: [Entry]
  ) throws(PublishedCurveError) -> [PublishedCurve] {
    var names: [Entry.Name] = []
    var groups: [Entry.Name: [Entry]] = [:]
    for entry in entries {
      if groups[entry.name] == nil { names.append(entry.name) }
      groups[entry.name, default: []].append(entry)
    }
    var curves: [PublishedCurve] = []
    for name in names {
      let members = groups[name] ?? []
      guard let first = members.first else { continue }
      if let other = members.first(where: { $0.rateKind != first.rateKind }) {
        throw PublishedCurveError(
          message: "line \(other.line) says that the rate of \(name.system) is "
            + "\(other.rateKind.rawValue), line \(first.line) that it is "
            + "\(first.rateKind.rawValue); give the two different names")
      }
      curves.append(
        try PublishedCurve(
          checking: Dictionary(grouping: members, by: \.measure).mapValues { $0.map(\.point) },
          label: name.system, dataset: name.dataset, rateKind: first.rateKind))
    }
    guard !curves.isEmpty else {
      throw PublishedCurveError(message: "there is no line after the header row")
    }
    return curves
  }

  /// One line of a collection.
  private struct Entry {
    struct Name: Hashable {
      let system: String
      let dataset: String
    }

    let line: Int
    let name: Name
    let measure: String
    let point: RatePoint
    let rateKind: RateKind

    init(line: Int, field: (String) -> String) throws(PublishedCurveError) {
      func refuse(_ column: String, _ hint: String) -> PublishedCurveError {
        PublishedCurveError(message: "line \(line) has \(column) “\(field(column))”, \(hint)")
      }
      guard !field("system").isEmpty else { throw refuse("system", "which is no name") }
      guard !field("source").isEmpty else { throw refuse("source", "but each figure needs one") }
      guard QualityMeasure.all.contains(where: { $0.id == field("metric") }) else {
        throw refuse("metric", "which is no metric of rdbench")
      }
      guard let rate = Double(field("bits_per_pixel")) else {
        throw refuse("bits_per_pixel", "which is no number")
      }
      guard let value = Double(field("value")) else { throw refuse("value", "which is no number") }
      guard let kind = RateKind(rawValue: field("rate_kind")) else {
        throw refuse("rate_kind", "not actual, estimated or unstated")
      }
      guard waysObtained.contains(field("obtained")) else {
        throw refuse("obtained", "not table, authors_file or plot")
      }
      self.line = line
      name = Name(system: field("system"), dataset: field("dataset"))
      measure = field("metric")
      point = try PublishedCurve.point(rate, value)
      rateKind = kind
    }
  }
}
