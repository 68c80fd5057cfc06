import Codecs
import JPEGCodec
import TestSupport
import Testing

/// Every codec of the build and the configurations that the conformance suite goes through.
enum TestRegistry {
  /// The codecs that need nothing but their library: the list to which a new one is added.
  static let conventionalSubjects: [ConformanceSubject] =
    [
      raw, jpeg, jpeg2000, webp,
    ] + optional

  /// All codecs.
  static let subjects = conventionalSubjects + learned

  static let conventional = CodecRegistry(conventionalSubjects.map(\.provider))

  static let registry = CodecRegistry(subjects.map(\.provider))

  static let ids = registry.providers.map(\.id)

  /// Spec strings: each codec's default, and each parameter at a value that changes the bytes.
  static let specs = faithfulSpecs + subjects.filter { !$0.isFaithful }.flatMap(\.specs)

  /// Those whose pictures look like the originals.
  static let faithfulSpecs: [String] =
    subjects.filter(\.isFaithful).flatMap { [$0.provider.id] + $0.specs }

  /// What the suites know of a codec.
  static func subject(_ id: String) throws -> ConformanceSubject {
    try #require(subjects.first { $0.provider.id == id })
  }

  /// Whether the libjpeg of this machine offers arithmetic coding.
  static var hasArithmeticCoding: Bool {
    JPEGCodec.provider.parameters.contains { $0.name == "arithmetic" }
  }
}

extension Codec {
  /// The recommended sweep, or the one `fixed` point of a codec without a knob.
  var sweep: [Quality] {
    descriptor.qualityScale?.recommendedSweep.map(Quality.value) ?? [.fixed]
  }

  /// A quality in the middle of the sweep.
  var middleQuality: Quality { sweep[sweep.count / 2] }

  /// The best quality of the sweep.
  var bestQuality: Quality { sweep[sweep.count - 1] }
}
