import TestSupport
import Codecs
import Foundation
import GRDB
import Testing

@testable import Files
@testable import MeasurementStore
@testable import Results

@Suite struct CleanupTests {
  private let folder: TemporaryFolder
  private let store: MeasurementStore

  init() throws {
    folder = try TemporaryFolder()
    store = try MeasurementStore(path: folder.path)
  }

  /// Stores a measurement that was last used some days ago.
  private func put(
    _ name: String, bytes: [UInt8], daysAgo: Int = 0, codec: any Codec = RowMeanCodec()
  ) throws -> String {
    let digest = SHA256Digest.hexadecimal(of: bytes)
    let key = MeasurementKey(
      pixelsDigest: name, descriptor: codec.descriptor, quality: .value(4))
    let measurement = StoredMeasurement(
      encodedBytes: bytes.count, sections: [], bitstreamSHA256: digest,
      timing: ResultRow.Timing(encodeSeconds: 1, encodeCPUSeconds: 1), scores: [.mse: 1])
    try store.put(
      measurement, key: key, conditions: "here", bitstream: bytes, sampleCount: .max)
    try store.index.write { database in
      try database.execute(
        sql: "UPDATE measurement SET last_use = last_use - ? WHERE key = ?",
        arguments: [daysAgo, key.digest])
    }
    return digest
  }

  private func images() throws -> Set<String> {
    try store.index.read {
      try Set(String.fetchAll($0, sql: "SELECT image_sha256 FROM measurement"))
    }
  }

  private func files() throws -> Set<String> {
    Set(
      try folder.contents().filter { $0.hasPrefix("bitstreams/") }
        .map { ($0 as NSString).lastPathComponent })
  }

  @Test func `without rules only files that belong to nothing go`() throws {
    let digest = try put("a", bytes: [1, 2, 3])
    try folder.write([4], to: "bitstreams/a/b/ab\(String(repeating: "0", count: 62))")
    try folder.write([5, 6], to: "bitstreams/a/b/half-written")
    let found = try store.cleanUp(isDryRun: true)
    #expect(found == MeasurementStore.Cleanup(measurements: 0, files: 2, bytes: 3))
    #expect(try files().count == 3)
    #expect(try store.cleanUp() == found)
    #expect(try files() == [digest])
    #expect(try images() == ["a"])
    #expect(try store.cleanUp() == MeasurementStore.Cleanup())
  }

  @Test func `what was not used for long goes, what was used stays`() throws {
    _ = try put("old", bytes: [1], daysAgo: 10)
    let newer = try put("newer", bytes: [2], daysAgo: 9)
    let rules = MeasurementStore.CleanupRules(unusedDays: 10)
    #expect(try store.cleanUp(rules, isDryRun: true).measurements == 1)
    #expect(try images() == ["old", "newer"])
    #expect(
      try store.cleanUp(rules) == MeasurementStore.Cleanup(measurements: 1, files: 1, bytes: 1))
    #expect(try images() == ["newer"])
    #expect(try files() == [newer])
    // A look-up is a use.
    let key = MeasurementKey(
      pixelsDigest: "newer", descriptor: RowMeanCodec().descriptor, quality: .value(4))
    _ = try store.measurement(key, conditions: "here")
    #expect(try store.cleanUp(.init(unusedDays: 1)).measurements == 0)
  }

  @Test func `the longest unused go until the rest is small enough`() throws {
    _ = try put("oldest", bytes: [1, 1, 1], daysAgo: 3)
    let shared = try put("old", bytes: [2, 2], daysAgo: 2)
    _ = try put("new", bytes: [3, 3, 3, 3], daysAgo: 1)
    // The same bytes of another picture take no more space.
    #expect(try put("newest", bytes: [2, 2]) == shared)
    #expect(try store.cleanUp(.init(maximumBytes: 9)).measurements == 0)
    #expect(
      try store.cleanUp(.init(maximumBytes: 6))
        == MeasurementStore.Cleanup(measurements: 1, files: 1, bytes: 3))
    #expect(try images() == ["old", "new", "newest"])
    #expect(try store.cleanUp(.init(maximumBytes: 5)).measurements == 1)
    #expect(try images() == ["old", "newest"])
    #expect(try store.cleanUp(.init(maximumBytes: 0)).files == 1)
    #expect(try images().isEmpty)
    let leftovers = try store.index.read {
      try Int.fetchOne(
        $0,
        sql: """
          SELECT (SELECT count(*) FROM score) + (SELECT count(*) FROM timing)
            + (SELECT count(*) FROM configuration) + (SELECT count(*) FROM conditions)
          """)
    }
    #expect(leftovers == 0)
  }

  @Test func `what no codec of the registry can re-use goes`() throws {
    _ = try put("usable", bytes: [1])
    _ = try put("other version", bytes: [2], codec: RowMeanCodec(version: "0"))
    _ = try put("unknown codec", bytes: [3], codec: TestCodec())
    _ = try put("own code", bytes: [4], codec: RowMeanCodec(isOwnCode: true))
    _ = try put("own code of another build", bytes: [5], codec: RowMeanCodec(isOwnCode: true))
    _ = try put("without its model", bytes: [6], codec: TestCodec(behaviour: .decodeFails))
    try store.index.write { database in
      try database.execute(
        sql: """
          INSERT INTO configuration SELECT 100, schema_version, codec, version, parameters, model, 'p'
          FROM configuration WHERE program <> '';
          UPDATE measurement SET configuration = 100 WHERE image_sha256 LIKE '%another build';
          """)
    }
    func provider(
      _ id: String, make: @escaping @Sendable (CodecParameters) throws(CodecError) -> any Codec
    ) -> CodecProvider {
      CodecProvider(id: id, summary: "", parameters: [], recognizes: { _ in false }, make: make)
    }
    let registry = CodecRegistry([
      provider("row-mean") { _ in RowMeanCodec() },
      provider("decodeFails") { _ throws(CodecError) in
        throw CodecError(codec: "", kind: .unavailable, message: "")
      },
    ])
    _ = try store.cleanUp(.init(codecs: registry))
    #expect(try images() == ["usable", "own code", "without its model"])
  }

  @Test func `what is being stored is waited for`() throws {
    let digest = SHA256Digest.hexadecimal(of: [9])
    let started = DispatchSemaphore(value: 0)
    let (store, finished) = (store, Counter())
    let thread = Thread {
      _ = try? store.lock.hold(.shared) { () throws(StoreError) in
        try store.bitstreams.write([9], digest: digest)
        started.signal()
        Thread.sleep(forTimeInterval: 0.2)
        finished.increment()
      }
    }
    thread.start()
    started.wait()
    #expect(try store.cleanUp().files == 1)
    #expect(finished.value == 1)
  }
}
