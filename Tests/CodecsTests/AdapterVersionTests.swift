import TestSupport
import Codecs
import Crypto
import Foundation
import Testing

/// Stored measurements are found by library version and ``CodecDescriptor/adapterVersion``, so an adapter
/// that begins to make other bytes with the same library has to raise the latter.
///
/// The bytes of each codec are kept as digests by library version. A library version that was never recorded is
/// not compared; `RDBENCH_RECORD=1` adds it.
@Suite struct AdapterVersionTests {
  /// What a configuration made of the picture.
  private struct Golden: Codable, Equatable {
    let spec: String
    let quality: Double?
    let version: String
    let adapterVersion: Int
    let sha256: String
  }

  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/adapter-bytes.json")

  /// The configurations whose bytes do not depend on the build.
  private static let specs = TestRegistry.faithfulSpecs.filter {
    (try? TestRegistry.registry.codec(spec: $0).descriptor.bytesDependOnBuild) == false
  }

  private static func golden(_ spec: String) throws -> Golden {
    let codec = try TestRegistry.registry.codec(spec: spec)
    let image = TestPicture.discs(width: 64, height: 48)
    let bytes = try codec.encode(image, at: codec.middleQuality).bytes
    return Golden(
      spec: spec, quality: codec.middleQuality.number, version: codec.descriptor.version,
      adapterVersion: codec.descriptor.adapterVersion,
      sha256: SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined())
  }

  @Test func `an adapter that makes other bytes has another version`() throws {
    let known = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: Self.file))
    let current = try Self.specs.map(Self.golden)
    if ProcessInfo.processInfo.environment["RDBENCH_RECORD"] == "1" { try record(known, current) }
    for golden in current {
      let ofSpec = known.filter { $0.spec == golden.spec }
      #expect(!ofSpec.isEmpty, "\(golden.spec) has no golden bytes; RDBENCH_RECORD=1 records them")
      for old in ofSpec
      where old.version == golden.version && old.adapterVersion == golden.adapterVersion {
        #expect(
          golden == old,
          "\(golden.spec) makes other bytes with \(golden.version): raise its adapterVersion")
      }
      // One that was raised is recorded.
      #expect(ofSpec.contains { $0.adapterVersion == golden.adapterVersion })
    }
  }

  private func record(_ known: [Golden], _ current: [Golden]) throws {
    let isSame = { (a: Golden, b: Golden) in
      a.spec == b.spec && a.version == b.version && a.adapterVersion == b.adapterVersion
    }
    let added = current.filter { golden in !known.contains { isSame($0, golden) } }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(known + added) + Data("\n".utf8)).write(to: Self.file)
    Issue.record("recorded \(added.count) golden bytes; run again without RDBENCH_RECORD")
  }
}
