import Codecs
import Foundation
import GRDB

extension MeasurementStore {
  /// Which measurements a store shall lose; without a rule none.
  public struct CleanupRules: Sendable {
    /// Those that no run used for so many days.
    public var unusedDays: Int?
    /// The longest unused ones, until the bitstreams of the rest take at most so many bytes.
    public var maximumBytes: Int?
    /// Those that these codecs cannot re-use: other library versions, codecs that are not among them,
    /// other builds of codecs that are rdbench's own code, and other versions of the store's key.
    public var codecs: CodecRegistry?

    /// Makes rules.
    public init(unusedDays: Int? = nil, maximumBytes: Int? = nil, codecs: CodecRegistry? = nil) {
      self.unusedDays = unusedDays
      self.maximumBytes = maximumBytes
      self.codecs = codecs
    }
  }

  /// What clearing up removed, or would remove.
  public struct Cleanup: Sendable, Equatable {
    /// Measurements that a rule named.
    public var measurements = 0
    /// Files: the bitstreams of those, and what killed processes left behind.
    public var files = 0
    /// The size of the files in bytes.
    public var bytes = 0
  }

  /// Removes measurements by rules, and every file that no measurement names.
  ///
  /// Runs may go on meanwhile: what they store in this moment is left alone, and a bitstream that
  /// they miss afterwards is made again.
  ///
  /// - Parameters:
  ///   - rules: which measurements go.
  ///   - isDryRun: whether to count only.
  /// - Throws: ``StoreError`` when the index cannot be read or written.
  public func cleanUp(
    _ rules: CleanupRules = CleanupRules(), isDryRun: Bool = false
  ) throws(StoreError) -> Cleanup {
    let doomed = try mapping { try index.read { try Self.doomed($0, rules) } }
    if !isDryRun { try remove(doomed) }
    var cleanup = Cleanup()
    cleanup.measurements = doomed.count
    for folder in try bitstreams.folders() {
      // One folder at a time, so that no run waits for long.
      try lock.hold(.exclusive) { () throws(StoreError) in
        let named = try digests(in: folder, without: doomed)
        for file in try bitstreams.files(in: folder) where !named.contains(file.name) {
          cleanup.files += 1
          cleanup.bytes += file.size
          if !isDryRun { unsafe unlink(file.path) }
        }
      }
    }
    if !isDryRun {
      try mapping {
        try index.writeWithoutTransaction { database in
          try database.execute(sql: "PRAGMA incremental_vacuum")
          try database.checkpoint(.passive)
        }
      }
    }
    return cleanup
  }

  /// The numbers of the measurements that the rules name.
  private static func doomed(
    _ database: Database, _ rules: CleanupRules
  ) throws -> Set<Int64> {
    var doomed: Set<Int64> = []
    if let days = rules.unusedDays {
      doomed.formUnion(
        try Int64.fetchAll(
          database, sql: "SELECT id FROM measurement WHERE last_use <= ?",
          arguments: [today - days]))
    }
    if let codecs = rules.codecs {
      let configurations = try Row.fetchAll(database, sql: "SELECT * FROM configuration")
      for row in configurations where !codecs.canReuse(StoredConfiguration(row)) {
        doomed.formUnion(
          try Int64.fetchAll(
            database, sql: "SELECT id FROM measurement WHERE configuration = ?",
            arguments: [row["id"] as Int64]))
      }
    }
    if let maximumBytes = rules.maximumBytes {
      var (bytes, kept): (Int, Set<String>) = (0, [])
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT id, bitstream_sha256, kept_bytes FROM measurement ORDER BY last_use DESC, id DESC
          """)
      while let row = try rows.next() {
        let id: Int64 = row["id"]
        guard !doomed.contains(id) else { continue }
        let (size, digest): (Int, String) = (row["kept_bytes"], row["bitstream_sha256"])
        guard size > 0, !kept.contains(digest) else { continue }
        bytes += size
        if bytes > maximumBytes { doomed.insert(id) } else { kept.insert(digest) }
      }
    }
    return doomed
  }

  /// Removes measurements from the index, a thousand at a time, so that runs get their turn.
  private func remove(_ doomed: Set<Int64>) throws(StoreError) {
    var rest = Array(doomed)[...]
    while !rest.isEmpty {
      let batch = rest.prefix(1000)
      rest = rest.dropFirst(1000)
      try mapping {
        try index.write { database in
          let delete = try database.cachedStatement(sql: "DELETE FROM measurement WHERE id = ?")
          for id in batch { try delete.execute(arguments: [id]) }
        }
      }
    }
    try mapping {
      try index.write { database in
        try database.execute(
          sql: """
            DELETE FROM configuration WHERE id NOT IN (SELECT configuration FROM measurement);
            DELETE FROM conditions WHERE id NOT IN (SELECT conditions FROM timing);
            """)
      }
    }
  }

  /// The digests of the bitstreams that measurements name and that lie in a folder.
  private func digests(
    in folder: String, without doomed: Set<Int64>
  ) throws(StoreError) -> Set<String> {
    try mapping {
      try index.read { database in
        let rows = try Row.fetchCursor(
          database,
          sql: """
            SELECT id, bitstream_sha256 FROM measurement
            WHERE bitstream_sha256 >= ? AND bitstream_sha256 < ?
            """, arguments: [folder, folder + "g"])
        var digests: Set<String> = []
        while let row = try rows.next() {
          if !doomed.contains(row["id"]) { digests.insert(row["bitstream_sha256"]) }
        }
        return digests
      }
    }
  }
}

extension StoredConfiguration {
  fileprivate init(_ row: Row) {
    self.init(
      schemaVersion: row["schema_version"], codec: row["codec"], version: row["version"],
      parameters: row["parameters"], model: row["model"], program: row["program"])
  }
}

extension CodecRegistry {
  /// Whether a codec of this registry may re-use what a configuration measured.
  ///
  /// A codec that cannot be made here, as a learned one without its weights, is given the benefit of
  /// the doubt.
  fileprivate func canReuse(_ configuration: StoredConfiguration) -> Bool {
    guard configuration.schemaVersion == MeasurementKey.schemaVersion,
      configuration.program.isEmpty || configuration.program == ProgramIdentity.digest,
      let provider = providers.first(where: { $0.id == configuration.codec })
    else { return false }
    guard let codec = try? provider.codec() else { return true }
    return codec.descriptor.version == configuration.version
  }
}
