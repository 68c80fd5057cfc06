import GRDB

/// The tables of a store's index.
enum StoreSchema {
  /// Opens an index, and makes its tables when they are not there.
  ///
  /// - Throws: ``StoreError`` of kind `tooNew` for an index of a later version; SQLite's errors.
  static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "rdbench measurements"
    // Writers of several processes take turns; a turn takes milliseconds.
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { database in
      guard !database.configuration.readonly else { return }
      // Space of removed rows can be given back without writing the whole file anew. This has to come
      // before the first table.
      try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
    }
    let index = try DatabasePool(path: path, configuration: configuration)
    guard try !index.read(migrator.hasBeenSuperseded) else {
      throw StoreError(
        .tooNew,
        "\(path) was made by a later version of rdbench; choose another --cache-dir")
    }
    try migrator.migrate(index)
    return index
  }

  /// The versions of the tables; a released one never changes.
  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: version1)
    }
    migrator.registerMigration("2") { database in
      try database.execute(sql: version2)
    }
    return migrator
  }

  /// Empty texts stand for no model and no program, since NULLs would never be equal in `UNIQUE`.
  static let version1 = """
    CREATE TABLE configuration (
      id INTEGER PRIMARY KEY,
      schema_version INTEGER NOT NULL,
      codec TEXT NOT NULL,
      version TEXT NOT NULL,
      parameters TEXT NOT NULL,
      model TEXT NOT NULL,
      program TEXT NOT NULL,
      UNIQUE (codec, version, parameters, model, program, schema_version)
    ) STRICT;

    CREATE TABLE conditions (
      id INTEGER PRIMARY KEY,
      text TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE measurement (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      configuration INTEGER NOT NULL REFERENCES configuration (id),
      image_sha256 TEXT NOT NULL,
      quality REAL,
      bitstream_sha256 TEXT NOT NULL,
      encoded_bytes INTEGER NOT NULL,
      header_bytes INTEGER,
      importance_map_bytes INTEGER,
      codes_bytes INTEGER,
      payload_bytes INTEGER,
      kept_bytes INTEGER NOT NULL,
      last_use INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX measurement_bitstream ON measurement (bitstream_sha256);
    CREATE INDEX measurement_configuration ON measurement (configuration);
    CREATE INDEX measurement_last_use ON measurement (last_use);

    CREATE TABLE timing (
      measurement INTEGER NOT NULL REFERENCES measurement (id) ON DELETE CASCADE,
      conditions INTEGER NOT NULL REFERENCES conditions (id),
      encode_seconds REAL NOT NULL,
      encode_cpu_seconds REAL NOT NULL,
      decode_seconds REAL,
      decode_cpu_seconds REAL,
      PRIMARY KEY (measurement, conditions)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE score (
      measurement INTEGER NOT NULL REFERENCES measurement (id) ON DELETE CASCADE,
      metric TEXT NOT NULL,
      version INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY (measurement, metric, version)
    ) STRICT, WITHOUT ROWID;
    """

  /// Sections of any name in the place of four columns, and processor times that may be unknown.
  private static let version2 = """
    CREATE TABLE section (
      measurement INTEGER NOT NULL REFERENCES measurement (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (measurement, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO section
      SELECT id, 0, 'header', header_bytes FROM measurement WHERE header_bytes IS NOT NULL
      UNION ALL SELECT id, 1, 'importance_map', importance_map_bytes FROM measurement
        WHERE importance_map_bytes IS NOT NULL
      UNION ALL SELECT id, 2, 'codes', codes_bytes FROM measurement WHERE codes_bytes IS NOT NULL
      UNION ALL SELECT id, 3, 'payload', payload_bytes FROM measurement
        WHERE payload_bytes IS NOT NULL;
    ALTER TABLE measurement DROP COLUMN header_bytes;
    ALTER TABLE measurement DROP COLUMN importance_map_bytes;
    ALTER TABLE measurement DROP COLUMN codes_bytes;
    ALTER TABLE measurement DROP COLUMN payload_bytes;

    ALTER TABLE timing RENAME TO timing_of_version_1;
    CREATE TABLE timing (
      measurement INTEGER NOT NULL REFERENCES measurement (id) ON DELETE CASCADE,
      conditions INTEGER NOT NULL REFERENCES conditions (id),
      encode_seconds REAL NOT NULL,
      encode_cpu_seconds REAL,
      decode_seconds REAL,
      decode_cpu_seconds REAL,
      PRIMARY KEY (measurement, conditions)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO timing SELECT * FROM timing_of_version_1;
    DROP TABLE timing_of_version_1;
    """
}
