import Codecs
import Foundation
import Imaging
import LearnedCodecs
import NeuralNetworks
import Testing

@testable import ContentWeightedCodec

/// What does not change with threads, instruction sets, builds and earlier calls.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct ReproducibilityTests {
  /// A file with the bits and the picture that it decodes to.
  struct Sample: Codable, Sendable {
    let model: String
    let bytes: [UInt8]
    let latent: [UInt8]
    let samples: [UInt8]

    init(_ model: String, entropy: CoderID) throws {
      let codec = try Fixtures.codec(model, ["entropy": entropy.word])
      let encoded = try codec.encode(Fixtures.picture(70, 53), at: Fixtures.quality(model))
      self.model = model
      bytes = encoded.bytes
      latent = try Self.latent(encoded, codec)
      samples = try codec.decode(encoded.bytes).samples
    }

    static func latent(_ encoded: EncodedImage, _ codec: ContentWeightedCodec) throws -> [UInt8] {
      let latent = try codec.read(encoded.bytes).latent(for: codec.model)
      return latent.levels + latent.bits
    }

    /// Checks that this process decodes the file alike, with one thread and with several.
    func expectTheSame() throws {
      for threads in ["1", "3"] {
        let codec = try Fixtures.codec(model, ["threads": threads])
        let encoded = EncodedImage(bytes: bytes)
        #expect(try Self.latent(encoded, codec) == latent)
        let picture = try codec.decode(encoded.bytes)
        #expect(zip(picture.samples, samples).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(picture.samples.count == samples.count)
      }
    }
  }

  private static func samples() throws -> [Sample] {
    try Fixtures.modelNames.flatMap { model in
      try Fixtures.coders(model).map { try Sample(model, entropy: $0) }
    }
  }

  @Test(arguments: instructionSets)
  func filesDecodeAlikeOnEveryInstructionSet(instructionSet: String) async throws {
    let samples = try Self.samples()
    // oneDNN reads the variable once, so each level needs a process of its own.
    await #expect(processExitsWith: .success) {
      [instructionSet, samples = samples as [Sample]] in
      setenv("ONEDNN_MAX_CPU_ISA", instructionSet, 1)
      for sample in samples { try sample.expectTheSame() }
    }
  }

  /// Files that were written once and for all; debug and release builds alike read the bits that
  /// went into them, as do all later versions.
  ///
  /// To record files for a new coder: `RDBENCH_RECORD=1 Scripts/test --filter Reproducibility`,
  /// which writes those that are missing and fails.
  @Test(arguments: Fixtures.modelNames, CoderID.allCases)
  func filesOfThePastDecodeToTheirBits(model: String, entropy: CoderID) throws {
    guard try Fixtures.coders(model).contains(entropy) else { return }
    let name = "\(model)-\(entropy.word)"
    let codec = try Fixtures.codec(model)
    let folder = "Fixtures/golden"
    guard
      let file = Bundle.module.url(forResource: name, withExtension: "cw", subdirectory: folder),
      let bits = Bundle.module.url(forResource: model, withExtension: "bits", subdirectory: folder)
    else {
      return try record(try Sample(model, entropy: entropy), name: name)
    }
    let encoded = EncodedImage(bytes: Array(try Data(contentsOf: file)))
    #expect(try Sample.latent(encoded, codec) == Array(try Data(contentsOf: bits)))
    let inspection = try CodedFileInspection(encoded.bytes, kinds: ContentWeightedCodec.fileKinds)
    #expect(inspection.entropyCoder == entropy.word)
  }

  private func record(_ sample: Sample, name: String) throws {
    Issue.record("\(name) is missing")
    guard ProcessInfo.processInfo.environment["RDBENCH_RECORD"] != nil else { return }
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/golden")
    try Data(sample.bytes).write(to: folder.appending(path: "\(name).cw"))
    try Data(sample.latent).write(to: folder.appending(path: "\(sample.model).bits"))
  }

  @Test func earlierCallsLeaveNoTrace() throws {
    let pictures = [(40, 30), (9, 70), (120, 64), (40, 30)].map { Fixtures.picture($0.0, $0.1) }
    let used = try Fixtures.codec("lambda")
    for picture in pictures {
      let fresh = try Fixtures.codec("lambda")
      let encoded = try used.encode(picture, at: .value(0.5))
      #expect(try fresh.encode(picture, at: .value(0.5)) == encoded)
      #expect(try fresh.decode(encoded.bytes) == used.decode(encoded.bytes))
    }
  }

  @Test func moreSizesThanAreKeptWorkAsWell() throws {
    let codec = try Fixtures.codec("maps")
    let pictures = (1...40).map { Fixtures.picture(8 * $0, 9) }
    let expected = try pictures.map { try codec.encode($0, at: .value(0.5)) }
    for (picture, encoded) in zip(pictures, expected) {
      #expect(try codec.encode(picture, at: .value(0.5)) == encoded)
    }
  }
}
