import Codecs
import ImageMetrics

/// A column of `results.csv`: its name, and how a row is written to it and read from it.
///
/// This table is the schema. The order of the columns is the order in the file.
struct ResultColumn: Sendable {
  /// The name in the header row.
  let name: String
  /// The field's text; empty for not applicable.
  let text: @Sendable (ResultRow) -> String
  /// Takes the field into the row; `false` when the text is none of the column's values.
  let take: @Sendable (inout ResultRow, String) -> Bool
  /// Whether a file without the column is read as if it were empty: columns younger than the schema.
  var mayBeMissing = false

  /// Every column, in the order of the file.
  static let all: [ResultColumn] =
    [
      string("dataset", \.subject.dataset),
      string("image", \.subject.image),
      optional("image_sha256", \.subject.imageSHA256),
      optional("width", \.subject.width),
      optional("height", \.subject.height),
      string("codec", \.subject.codec),
      string("codec_version", \.subject.codecVersion),
      string("parameters", \.subject.parameters),
      quality,
      target,
      optional("encoded_bytes", \.encodedBytes),
      section("header_bytes", .header),
      section("importance_map_bytes", .importanceMap),
      section("codes_bytes", .codes),
      sections,
      bitsPerPixel,
    ] + MetricID.allCases.map(metric) + [
      threads,
      jobs,
      timing("encode_seconds", \.encodeSeconds),
      timing("decode_seconds", \.decodeSeconds),
      timing("encode_cpu_seconds", \.encodeCPUSeconds),
      timing("decode_cpu_seconds", \.decodeCPUSeconds),
      optional("bitstream_sha256", \.bitstreamSHA256),
      status,
      string("message", \.message),
    ]

  /// The columns that differ between two runs of the same plan.
  static let timeColumns: Set<String> = [
    "jobs", "encode_seconds", "decode_seconds", "encode_cpu_seconds", "decode_cpu_seconds",
  ]

  private static func string(
    _ name: String, _ path: WritableKeyPath<ResultRow, String> & Sendable
  ) -> ResultColumn {
    ResultColumn(name: name) {
      $0[keyPath: path]
    } take: {
      $0[keyPath: path] = $1
      return true
    }
  }

  private static func optional<Value: ResultField & SendableMetatype>(
    _ name: String, _ path: WritableKeyPath<ResultRow, Value?> & Sendable
  ) -> ResultColumn {
    ResultColumn(name: name) {
      $0[keyPath: path]?.fieldText ?? ""
    } take: {
      $0[keyPath: path] = Value(fieldText: $1)
      return $1.isEmpty || $0[keyPath: path] != nil
    }
  }

  private static let quality = ResultColumn(name: "quality") {
    $0.subject.quality.number?.fieldText ?? ""
  } take: {
    guard !$1.isEmpty else {
      $0.subject.quality = .fixed
      return true
    }
    guard let value = Double(fieldText: $1) else { return false }
    $0.subject.quality = .value(value)
    return true
  }

  private static let target = ResultColumn(
    name: "target",
    text: { $0.subject.target?.text ?? "" },
    take: {
      $0.subject.target = Target(text: $1)
      return $1.isEmpty || $0.subject.target != nil
    },
    mayBeMissing: true)

  /// The sizes that a section can have; sums of some cannot overflow.
  private static let sizes = 0...1 << 48

  /// The size of one section: what files had before there was ``sections``, and keep for one release.
  private static func section(
    _ name: String, _ section: EncodedImage.Section.Name
  ) -> ResultColumn {
    ResultColumn(
      name: name, text: { $0.sections[section]?.fieldText ?? "" },
      take: {
        if $1.isEmpty { return true }
        guard let size = Int(fieldText: $1), sizes.contains(size) else { return false }
        // The column of all sections may have come before.
        if $0.sections[section] == nil {
          $0.sections.append(EncodedImage.Section(section, size))
        }
        return true
      },
      mayBeMissing: true)
  }

  /// All sections in the order of the file: `header=14;importance_map=20;codes=9000`.
  private static let sections = ResultColumn(
    name: "sections",
    text: { row in
      row.sections.map { "\($0.name.rawValue)=\($0.byteCount)" }.joined(separator: ";")
    },
    take: {
      if $1.isEmpty { return true }
      var sections: [EncodedImage.Section] = []
      for part in $1.split(separator: ";", omittingEmptySubsequences: false) {
        guard let equals = part.lastIndex(of: "="),
          let name = EncodedImage.Section.Name(rawValue: String(part[..<equals])),
          let size = Int(part[part.index(after: equals)...]), sizes.contains(size),
          sections[name] == nil
        else { return false }
        sections.append(EncodedImage.Section(name, size))
      }
      // They say all that the older columns say.
      $0.sections = sections
      return true
    },
    mayBeMissing: true)

  /// Derived from bytes and size when written; read only to check that it is a number.
  private static let bitsPerPixel = ResultColumn(name: "bits_per_pixel") {
    $0.bitsPerPixel?.fieldText ?? ""
  } take: {
    $1.isEmpty || Double(fieldText: $1) != nil
  }

  private static func metric(_ id: MetricID) -> ResultColumn {
    ResultColumn(name: id.rawValue) {
      $0.scores[id]?.fieldText ?? ""
    } take: {
      $0.scores[id] = Double(fieldText: $1)
      return $1.isEmpty || $0.scores[id] != nil
    }
  }

  private static let threads = ResultColumn(name: "threads") {
    $0.threads.fieldText
  } take: {
    guard let value = Int(fieldText: $1) else { return false }
    $0.threads = value
    return true
  }

  private static let jobs = ResultColumn(
    name: "jobs", text: { $0.jobs?.fieldText ?? "" },
    take: {
      $0.jobs = Int(fieldText: $1)
      return $1.isEmpty || $0.jobs ?? 0 >= 1
    },
    mayBeMissing: true)

  private static func timing(
    _ name: String, _ path: WritableKeyPath<ResultRow.Timing, Double> & Sendable
  ) -> ResultColumn {
    ResultColumn(name: name) {
      $0.timing?[keyPath: path].fieldText ?? ""
    } take: {
      guard !$1.isEmpty else { return true }
      guard let value = Double(fieldText: $1) else { return false }
      var timing = $0.timing ?? ResultRow.Timing(encodeSeconds: 0)
      timing[keyPath: path] = value
      $0.timing = timing
      return true
    }
  }

  private static func timing(
    _ name: String, _ path: WritableKeyPath<ResultRow.Timing, Double?> & Sendable
  ) -> ResultColumn {
    ResultColumn(name: name) {
      $0.timing?[keyPath: path]?.fieldText ?? ""
    } take: {
      guard !$1.isEmpty else { return true }
      guard let value = Double(fieldText: $1) else { return false }
      $0.timing?[keyPath: path] = value
      return true
    }
  }

  private static let status = ResultColumn(name: "status") {
    $0.status.rawValue
  } take: {
    guard let value = ResultRow.Status(rawValue: $1) else { return false }
    $0.status = value
    return true
  }
}

/// A value that a field of `results.csv` can hold.
private protocol ResultField {
  init?(fieldText: String)
  var fieldText: String { get }
}

extension Int: ResultField {
  fileprivate init?(fieldText: String) { self.init(fieldText) }
  fileprivate var fieldText: String { "\(self)" }
}

extension Double: ResultField {
  fileprivate init?(fieldText: String) {
    guard let value = Double(fieldText), !value.isNaN else { return nil }
    self = value
  }
  /// The shortest text that reads back as the same number, `inf` for infinity.
  fileprivate var fieldText: String { formatNumber(self) }
}

extension String: ResultField {
  fileprivate init?(fieldText: String) {
    guard !fieldText.isEmpty else { return nil }
    self = fieldText
  }
  fileprivate var fieldText: String { self }
}
