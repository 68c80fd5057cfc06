import Foundation
import GRDB

/// Measurements that were made before, by what decided their bytes.
///
/// An index in SQLite says what is there; the coded pictures are plain files beside it. Several
/// processes may use one store at a time. What is stored is a copy of work that can be done again:
/// whatever is damaged or missing counts as not stored.
public final class MeasurementStore: Sendable {
  /// The store's folder.
  public let path: String
  let index: DatabasePool
  let bitstreams: BitstreamFolder
  let lock: StoreLock

  /// Opens a store, and makes it when it is not there.
  ///
  /// - Parameter path: its folder.
  /// - Throws: ``StoreError`` that says what to do.
  public init(path: String) throws(StoreError) {
    self.path = path
    bitstreams = BitstreamFolder(path: "\(path)/bitstreams")
    lock = StoreLock(path: "\(path)/lock")
    do {
      try FileManager.default.createDirectory(
        atPath: bitstreams.path, withIntermediateDirectories: true)
    } catch {
      throw StoreError(.inaccessible, "the cache folder \(path) cannot be made")
    }
    // Two processes that both turn a new file into an index would be in each other's way.
    index = try StoreLock(path: "\(path)/opening.lock").hold(.exclusive) { () throws(StoreError) in
      try Self.mapping(path) { try StoreSchema.open("\(path)/index.sqlite") }
    }
  }

  /// Looks a measurement up.
  ///
  /// - Parameters:
  ///   - key: what decided its bytes.
  ///   - conditions: those under which its seconds must have been measured
  ///     (``TimingConditions/text(threadCount:)``).
  /// - Returns: what is known, or `nil` when the measurement was never stored.
  func measurement(
    _ key: MeasurementKey, conditions: String
  ) throws(StoreError) -> StoredMeasurement? {
    let found = try mapping {
      try index.read { try StoredMeasurement.fetch($0, key: key, conditions: conditions) }
    }
    if let found, Self.today - found.lastUse >= 1 {
      try mapping {
        try index.write { database in
          try database.execute(
            sql: "UPDATE measurement SET last_use = ? WHERE id = ?",
            arguments: [Self.today, found.id])
        }
      }
    }
    return found?.measurement
  }

  /// Stores a measurement together with its bytes, or adds to what is known of it.
  ///
  /// Should the codec have made other bytes than before, everything known of the old ones goes.
  /// Bytes that are no fewer than the picture's samples are not kept: coding the picture again costs
  /// less than keeping them.
  ///
  /// - Parameters:
  ///   - bitstream: the bytes whose digest the measurement names, or `nil` when the store has them.
  ///   - sampleCount: the number of bytes that the uncompressed picture takes.
  func put(
    _ measurement: StoredMeasurement, key: MeasurementKey, conditions: String,
    bitstream: [UInt8]?, sampleCount: Int
  ) throws(StoreError) {
    try lock.hold(.shared) { () throws(StoreError) in
      var keptBytes = 0
      if let bitstream, bitstream.count < sampleCount {
        try bitstreams.write(bitstream, digest: measurement.bitstreamSHA256)
        keptBytes = bitstream.count
      }
      try mapping {
        try index.write {
          try measurement.save(
            $0, key: key, conditions: conditions, keptBytes: keptBytes, today: Self.today)
        }
      }
    }
  }

  /// Days since 1 January 1970, in which uses are counted: one write a day is enough.
  static var today: Int { Int(Date().timeIntervalSince1970 / 86_400) }

  /// Makes the index's errors those of the store.
  func mapping<Result>(_ work: () throws -> Result) throws(StoreError) -> Result {
    try Self.mapping(path, work)
  }

  private static func mapping<Result>(
    _ path: String, _ work: () throws -> Result
  ) throws(StoreError) -> Result {
    do {
      return try work()
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    } catch {
      throw StoreError(.inaccessible, "the cache in \(path) cannot be used: \(error)")
    }
  }
}

extension StoreError {
  fileprivate init(_ error: DatabaseError, path: String) {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.busy, "another process keeps the cache in \(path) locked; try again")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .damaged,
        "the cache in \(path) is damaged; remove that folder, or choose another --cache-dir")
    default:
      self.init(
        .inaccessible,
        "the cache in \(path) cannot be used (\(error.message ?? "\(error.resultCode)")); "
          + "check that the disk has space and may be written to")
    }
  }
}
