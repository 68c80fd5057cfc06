import Codecs
import Foundation

/// What decides the bytes of a measurement, and so its place in a store.
///
/// The digest is SHA-256 over the fields in the order in which they are declared, each with its length
/// before it, so that no two keys share an encoding:
///
/// | field | encoding |
/// |---|---|
/// | ``schemaVersion`` | text of the number |
/// | pixels of the image | text, `SHA256Digest.pixels(of:)` |
/// | codec id | text |
/// | library and version | text |
/// | adapter | text of the number, `CodecDescriptor.adapterVersion` |
/// | parameters | number of pairs; each name and value as texts, sorted by name |
/// | quality | optional text, the shortest number that reads back |
/// | model | optional text, `CodecDescriptor.modelDigest` |
/// | program | optional text, ``ProgramIdentity/digest``, only of codecs whose bytes depend on the build |
///
/// A text is the number of its UTF-8 bytes as a big-endian 64-bit integer and the bytes; an optional
/// text is the number 0 or 1 in the same form, then the text if it is there.
public struct MeasurementKey: Sendable, Hashable {
  /// The version of the key and of what a stored measurement means: raised when the fields change.
  public static let schemaVersion = 2

  /// SHA-256 of the encoded fields.
  public let digest: String
  /// Digest of the image's pixels.
  let pixelsDigest: String
  /// The codec as it was configured.
  let configuration: StoredConfiguration
  /// The position on the codec's scale.
  let quality: Quality

  /// Makes the key of one measurement.
  ///
  /// - Parameters:
  ///   - pixelsDigest: `SHA256Digest.pixels(of:)` of the image.
  ///   - descriptor: the codec as it is configured.
  ///   - quality: the position on its scale.
  public init(pixelsDigest: String, descriptor: CodecDescriptor, quality: Quality) {
    self.init(
      pixelsDigest: pixelsDigest, descriptor: descriptor, quality: quality,
      program: descriptor.bytesDependOnBuild ? ProgramIdentity.digest : nil)
  }

  /// Makes a key with a given program digest.
  init(pixelsDigest: String, descriptor: CodecDescriptor, quality: Quality, program: String?) {
    self.pixelsDigest = pixelsDigest
    self.quality = quality
    configuration = StoredConfiguration(descriptor, program: program)
    var encoding = CanonicalEncoding()
    encoding.append("\(Self.schemaVersion)")
    encoding.append(pixelsDigest)
    encoding.append(descriptor.id)
    encoding.append(descriptor.version)
    encoding.append("\(descriptor.adapterVersion)")
    encoding.append(descriptor.parameters.sorted)
    encoding.append(quality.number.map(formatNumber))
    encoding.append(descriptor.modelDigest)
    encoding.append(program)
    digest = encoding.digest
  }
}

/// A configured codec as the store lists it.
struct StoredConfiguration: Sendable, Hashable {
  /// ``MeasurementKey/schemaVersion`` of its measurements.
  let schemaVersion: Int
  /// The codec's id.
  let codec: String
  /// Library and version.
  let version: String
  /// Every parameter with its value: `key=value;…`, sorted.
  let parameters: String
  /// SHA-256 of the model, empty for none.
  let model: String
  /// SHA-256 of the program, empty for codecs whose bytes do not depend on it.
  let program: String
}

extension StoredConfiguration {
  /// The configuration of a codec of this build.
  init(_ descriptor: CodecDescriptor, program: String?) {
    schemaVersion = MeasurementKey.schemaVersion
    codec = descriptor.id
    version = descriptor.version
    parameters = descriptor.parameters.canonical
    model = descriptor.modelDigest ?? ""
    self.program = program ?? ""
  }
}
