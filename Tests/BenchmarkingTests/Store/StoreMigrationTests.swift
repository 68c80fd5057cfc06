import TestSupport
import Codecs
import Foundation
import GRDB
import Testing

@testable import MeasurementStore

/// Stores of earlier versions are taken over.
@Suite struct StoreMigrationTests {
  @Test func `the tables of 0.1.0 become those of today`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/index.sqlite"
    try writeVersion1(path)
    let index = try StoreSchema.open(path)
    let sections = try index.read { database in
      try Row.fetchAll(
        database, sql: "SELECT measurement, name, bytes FROM section ORDER BY measurement, position"
      )
    }
    #expect(sections.map { $0["measurement"] as Int } == [1, 1, 2, 2, 2])
    #expect(
      sections.map { $0["name"] as String }
        == ["header", "payload", "header", "importance_map", "codes"])
    #expect(sections.map { $0["bytes"] as Int } == [3, 97, 20, 0, 80])
    let seconds = try index.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM timing")
    }
    #expect(seconds.map { $0["encode_cpu_seconds"] as Double? } == [0.2])
    try index.write { database in
      try database.execute(sql: "INSERT INTO timing VALUES (2, 1, 0.5, NULL, NULL, NULL)")
      try database.execute(sql: "DELETE FROM measurement WHERE id = 2")
    }
    let left = try index.read { database in
      try Int.fetchOne(
        database,
        sql: "SELECT (SELECT count(*) FROM section) + 10 * (SELECT count(*) FROM timing)")
    }
    #expect(left == 12)
  }

  /// A store as version 0.1.0 wrote it, with two measurements.
  private func writeVersion1(_ path: String) throws {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: StoreSchema.version1)
      try database.execute(
        sql: """
          INSERT INTO configuration VALUES (1, 1, 'raw', 'PNM 1', '', '', '');
          INSERT INTO conditions VALUES (1, 'here');
          INSERT INTO measurement VALUES
            (1, 'a', 1, '00', NULL, '01', 100, 3, NULL, NULL, 97, 0, 20000),
            (2, 'b', 1, '00', 0.5, '02', 100, 20, 0, 80, NULL, 0, 20000);
          INSERT INTO timing VALUES (1, 1, 0.1, 0.2, 0.3, 0.4);
          """)
    }
    try migrator.migrate(DatabaseQueue(path: path))
  }
}
