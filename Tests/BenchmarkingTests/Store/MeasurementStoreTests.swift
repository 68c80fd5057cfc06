import TestSupport
import Codecs
import Foundation
import GRDB
import ImageMetrics
import Testing

@testable import Files
@testable import MeasurementStore
@testable import Results

@Suite struct MeasurementStoreTests {
  private let bytes = Array("some coded bytes".utf8)
  private let key = MeasurementKey(
    pixelsDigest: "00", descriptor: RowMeanCodec().descriptor, quality: .value(4))

  private func measurement(
    _ bytes: [UInt8], seconds: Double = 0.25, scores: [MetricID: Double?] = [.psnr: .infinity]
  ) -> StoredMeasurement {
    StoredMeasurement(
      encodedBytes: bytes.count, sections: [.init(.header, 3), .init(.payload, bytes.count - 3)],
      bitstreamSHA256: SHA256Digest.hexadecimal(of: bytes),
      timing: ResultRow.Timing(
        encodeSeconds: seconds, encodeCPUSeconds: 0.1, decodeSeconds: 1.0 / 3,
        decodeCPUSeconds: 0.3),
      scores: scores)
  }

  private func put(
    _ store: MeasurementStore, _ measurement: StoredMeasurement, _ bytes: [UInt8]?,
    conditions: String = "here"
  ) throws {
    try store.put(
      measurement, key: key, conditions: conditions, bitstream: bytes, sampleCount: 1000)
  }

  @Test func `what is put is found again, by another process too`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    #expect(try store.measurement(key, conditions: "here") == nil)
    // Not applicable is something else than never computed.
    let stored = measurement(bytes, scores: [.psnr: .infinity, .mse: 0, .msSSIM: nil])
    try put(store, stored, bytes)
    for store in [store, try MeasurementStore(path: folder.path)] {
      let found = try #require(try store.measurement(key, conditions: "here"))
      #expect(found == stored)
      #expect(found.missing(of: [.mse, .msSSIM, .psnr, .ssim]) == [.ssim])
      #expect(store.bitstreams.read(found.bitstreamSHA256) == bytes)
    }
  }

  @Test func `files that cannot be listed are not counted as none`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    try? FileManager.default.removeItem(atPath: store.bitstreams.path)
    #expect(try store.status().bitstreamFiles == 0)
    try Data().write(to: URL(filePath: store.bitstreams.path))
    let error = #expect(throws: StoreError.self) { try store.status() }
    #expect(error?.kind == .inaccessible && error?.message.contains("cannot be listed") == true)
  }

  @Test func `seconds belong to the conditions under which they were measured`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    try put(store, measurement(bytes, seconds: 1), bytes, conditions: "here")
    let elsewhere = try #require(try store.measurement(key, conditions: "there"))
    #expect(elsewhere.timing == nil)
    #expect(elsewhere.scores == [.psnr: .infinity])
    try put(store, measurement(bytes, seconds: 2), bytes, conditions: "there")
    #expect(try store.measurement(key, conditions: "here")?.timing?.encodeSeconds == 1)
    #expect(try store.measurement(key, conditions: "there")?.timing?.encodeSeconds == 2)
  }

  @Test func `other bytes of the same key take the place of all that was known`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    try put(store, measurement(bytes, scores: [.psnr: 30, .ssim: 0.5]), bytes)
    let others = Array("other coded bytes".utf8)
    try put(store, measurement(others, scores: [.psnr: 31]), others, conditions: "there")
    let found = try #require(try store.measurement(key, conditions: "here"))
    #expect(found.scores == [.psnr: 31])
    #expect(found.timing == nil)
    #expect(found.encodedBytes == others.count)
  }

  @Test func `a score of another version of its metric does not count`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    try put(store, measurement(bytes, scores: [.psnr: 30, .ssim: 0.5]), bytes)
    try store.index.write { database in
      try database.execute(sql: "UPDATE score SET version = version - 1 WHERE metric = 'ssim'")
      try database.execute(sql: "INSERT INTO score VALUES (1, 'metric_of_tomorrow', 1, 3)")
    }
    #expect(try store.measurement(key, conditions: "here")?.scores == [.psnr: 30])
  }

  @Test func `a damaged bitstream is not handed out and can be replaced`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    let stored = measurement(bytes)
    try put(store, stored, bytes)
    let file = store.bitstreams.file(stored.bitstreamSHA256)
    #expect(file.hasSuffix("/\(stored.bitstreamSHA256)"))
    for damaged in [bytes.dropLast() + [0], bytes.dropLast(), [], bytes + [0]] {
      try Data(damaged).write(to: URL(fileURLWithPath: file))
      #expect(store.bitstreams.read(stored.bitstreamSHA256) == nil)
      try put(store, stored, bytes)
      #expect(store.bitstreams.read(stored.bitstreamSHA256) == bytes)
    }
    try FileManager.default.removeItem(atPath: file)
    #expect(store.bitstreams.read(stored.bitstreamSHA256) == nil)
  }

  @Test func `bytes that are no fewer than the samples are not kept`() throws {
    let folder = try TemporaryFolder()
    let store = try MeasurementStore(path: folder.path)
    try store.put(
      measurement(bytes), key: key, conditions: "here", bitstream: bytes, sampleCount: bytes.count)
    #expect(try store.measurement(key, conditions: "here") != nil)
    #expect(try store.status().bitstreamFiles == 0)
  }

  @Test func `a file that is no index is an error that says what to do`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(repeating: UInt8(ascii: "x"), count: 5000), to: "index.sqlite")
    let error = #expect(throws: StoreError.self) { _ = try MeasurementStore(path: folder.path) }
    #expect(error?.kind == .damaged)
    #expect(error?.message.contains("--cache-dir") == true)
  }

  @Test func `an index of a later version is left alone`() throws {
    let folder = try TemporaryFolder()
    try MeasurementStore(path: folder.path).index.write { database in
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('later')")
    }
    let error = #expect(throws: StoreError.self) { _ = try MeasurementStore(path: folder.path) }
    #expect(error?.kind == .tooNew)
  }

  @Test func `a folder that cannot be made is an error`() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "file")
    let error = #expect(throws: StoreError.self) {
      _ = try MeasurementStore(path: "\(folder.path)/file")
    }
    #expect(error?.kind == .inaccessible)
  }

  @Test func `the folder comes from the option, then the environment, then the user's cache`() {
    let environment = ["RDBENCH_CACHE": "/e", "XDG_CACHE_HOME": "/x"]
    typealias Location = MeasurementStore.Location
    #expect(Location(option: "o", environment: environment).path == "o")
    #expect(Location(option: nil, environment: environment).path == "/e")
    #expect(Location(option: nil, environment: environment).isChosen)
    let usual = Location(option: nil, environment: ["RDBENCH_CACHE": "", "XDG_CACHE_HOME": "/x"])
    #expect(usual.path == "/x/rdbench/measurements")
    #expect(!usual.isChosen)
  }
}
