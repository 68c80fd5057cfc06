import Codecs
import GRDB
import ImageMetrics
import Results

/// What a store knows of a measurement that succeeded.
package struct StoredMeasurement: Sendable, Equatable {
  /// Every byte that the decoder needs.
  package var encodedBytes: Int
  /// Bytes by section, for codecs that know.
  package var sections: [EncodedImage.Section]
  /// SHA-256 of the coded bytes.
  package var bitstreamSHA256: String
  /// How long the codec took under the conditions that were asked for, or `nil` when it was never
  /// timed under these.
  package var timing: ResultRow.Timing?
  /// The figures that were computed, by their present version; `nil` inside for not applicable.
  package var scores: [MetricID: Double?]

  /// Puts together what is known.
  package init(
    encodedBytes: Int, sections: [EncodedImage.Section], bitstreamSHA256: String,
    timing: ResultRow.Timing?, scores: [MetricID: Double?]
  ) {
    self.encodedBytes = encodedBytes
    self.sections = sections
    self.bitstreamSHA256 = bitstreamSHA256
    self.timing = timing
    self.scores = scores
  }

  /// The metrics of a list that were never computed.
  package func missing(of metrics: [MetricID]) -> [MetricID] {
    metrics.filter { scores[$0] == nil }
  }
}

extension StoredMeasurement {
  /// A measurement as it lies in the index.
  struct Entry {
    /// The row's number.
    let id: Int64
    /// When it was last used, in days since 1970.
    let lastUse: Int
    /// What is known.
    let measurement: StoredMeasurement
  }

  /// Reads a measurement.
  static func fetch(
    _ database: Database, key: MeasurementKey, conditions: String
  ) throws -> Entry? {
    let query = try database.cachedStatement(
      sql: """
        SELECT measurement.*, timing.*, timing.measurement IS NOT NULL AS is_timed
        FROM measurement
        LEFT JOIN timing ON timing.measurement = measurement.id
          AND timing.conditions = (SELECT id FROM conditions WHERE text = ?)
        WHERE measurement.key = ?
        """)
    guard let row = try Row.fetchOne(query, arguments: [conditions, key.digest]) else {
      return nil
    }
    let id: Int64 = row["id"]
    let timing: ResultRow.Timing? =
      row["is_timed"]
      ? ResultRow.Timing(
        encodeSeconds: row["encode_seconds"], encodeCPUSeconds: row["encode_cpu_seconds"],
        decodeSeconds: row["decode_seconds"], decodeCPUSeconds: row["decode_cpu_seconds"])
      : nil
    let measurement = StoredMeasurement(
      encodedBytes: row["encoded_bytes"], sections: try sections(database, measurement: id),
      bitstreamSHA256: row["bitstream_sha256"], timing: timing,
      scores: try scores(database, measurement: id))
    return Entry(id: id, lastUse: row["last_use"], measurement: measurement)
  }

  private static func sections(
    _ database: Database, measurement: Int64
  ) throws -> [EncodedImage.Section] {
    let query = try database.cachedStatement(
      sql: """
        SELECT name, bytes FROM section WHERE measurement = ? AND bytes >= 0 ORDER BY position
        """)
    return try Row.fetchAll(query, arguments: [measurement]).compactMap { row in
      EncodedImage.Section.Name(rawValue: row["name"]).map {
        EncodedImage.Section($0, row["bytes"])
      }
    }
  }

  private static func scores(
    _ database: Database, measurement: Int64
  ) throws -> [MetricID: Double?] {
    let query = try database.cachedStatement(
      sql: "SELECT metric, version, value FROM score WHERE measurement = ?")
    var scores: [MetricID: Double?] = [:]
    for row in try Row.fetchAll(query, arguments: [measurement]) {
      guard let metric = MetricID(rawValue: row["metric"]), metric.version == row["version"] else {
        continue
      }
      scores.updateValue(row["value"], forKey: metric)
    }
    return scores
  }

  /// Writes a measurement, in place of one with other bytes or beside the times and scores that are
  /// there.
  ///
  /// - Parameter keptBytes: the size of the file with its bytes, 0 without one.
  func save(
    _ database: Database, key: MeasurementKey, conditions: String, keptBytes: Int, today: Int
  ) throws {
    try database.cachedStatement(
      sql: "DELETE FROM measurement WHERE key = ? AND bitstream_sha256 <> ?"
    ).execute(arguments: [key.digest, bitstreamSHA256])
    let configuration = try Self.identifier(of: key.configuration, database)
    try database.cachedStatement(
      sql: """
        INSERT INTO measurement (
          key, configuration, image_sha256, quality, bitstream_sha256, encoded_bytes,
          kept_bytes, last_use)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET
          last_use = excluded.last_use, kept_bytes = max(kept_bytes, excluded.kept_bytes)
        """
    ).execute(
      arguments: [
        key.digest, configuration, key.pixelsDigest, key.quality.number, bitstreamSHA256,
        encodedBytes, keptBytes, today,
      ])
    let id = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT id FROM measurement WHERE key = ?"),
      arguments: [key.digest])
    let addSection = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO section VALUES (?, ?, ?, ?)")
    for (position, section) in sections.enumerated() {
      try addSection.execute(
        arguments: [id, position, section.name.rawValue, section.byteCount])
    }
    if let timing { try Self.save(timing, of: id, conditions, database) }
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO score VALUES (?, ?, ?, ?)")
    for (metric, value) in scores {
      try insert.execute(arguments: [id, metric.rawValue, metric.version, value])
    }
  }

  private static func save(
    _ timing: ResultRow.Timing, of id: Int64?, _ conditions: String, _ database: Database
  ) throws {
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO conditions (text) VALUES (?)")
      .execute(arguments: [conditions])
    try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO timing (
          measurement, conditions, encode_seconds, encode_cpu_seconds, decode_seconds,
          decode_cpu_seconds)
        VALUES (?, (SELECT id FROM conditions WHERE text = ?), ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        id, conditions, timing.encodeSeconds, timing.encodeCPUSeconds, timing.decodeSeconds,
        timing.decodeCPUSeconds,
      ])
  }

  /// The number of a configuration, which is added when it is new.
  private static func identifier(
    of configuration: StoredConfiguration, _ database: Database
  ) throws -> Int64? {
    let arguments: StatementArguments = [
      configuration.codec, configuration.version, configuration.parameters, configuration.model,
      configuration.program, configuration.schemaVersion,
    ]
    try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO configuration
          (codec, version, parameters, model, program, schema_version)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: arguments)
    return try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT id FROM configuration WHERE codec = ? AND version = ? AND parameters = ?
            AND model = ? AND program = ? AND schema_version = ?
          """), arguments: arguments)
  }
}
