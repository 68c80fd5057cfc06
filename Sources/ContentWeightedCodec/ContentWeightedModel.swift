import Crypto
import Foundation
import NeuralNetworks

/// A trained content-weighted network: its configuration, its layers and its identity.
///
/// Source: Li, Zuo, Gu, Zhao and Zhang 2017, with the layers of the CLIC 2018 implementation; the
/// forward pass is that of `Scripts/training/README.md`. A model never changes and may be shared
/// between tasks.
public final class ContentWeightedModel: Sendable {
  /// The shape of the network.
  public let configuration: ModelConfiguration
  /// The SHA-256 of the model file.
  public let digest: [UInt8]
  let layers: Layers
  let modulation: Modulation?
  /// The probabilities of the coder `convolutional`, if the model has them.
  let entropy: EntropyModel?
  /// What decides code bits by their cost, if the model has it; never without ``entropy``.
  let quantizer: RateDistortionQuantizer?

  /// Loads a model file.
  ///
  /// - Throws: `NeuralNetworkError` when the file cannot be read, breaks a rule of its format, or
  ///   does not hold exactly the tensors that its configuration asks for.
  public convenience init(contentsOf url: URL) throws(NeuralNetworkError) {
    try self.init(try mappedFile(url), name: url.lastPathComponent)
  }

  /// Reads a model file's bytes.
  ///
  /// - Parameters:
  ///   - data: the bytes, which may be memory-mapped.
  ///   - name: what the file is called in errors.
  /// - Throws: `NeuralNetworkError` as ``init(contentsOf:)``.
  public init(_ data: Data, name: String) throws(NeuralNetworkError) {
    let file = try SafeTensors(data, name: name)
    let configuration = try ModelConfiguration(file)
    var reader = WeightReader(file, elementType: configuration.weightType)
    layers = try Layers(configuration, &reader)
    modulation = try Modulation(configuration, &reader)
    entropy = try EntropyModel(configuration, &reader)
    quantizer = try RateDistortionQuantizer(configuration, &reader)
    try reader.finish()
    self.configuration = configuration
    digest = Array(SHA256.hash(data: data))
  }

  /// The first four bytes of the digest, by which files name the model that they need.
  public var identifier: [UInt8] { Array(digest.prefix(4)) }

  /// The id of the codec that it is for.
  public var codecID: String {
    let hasMap = configuration.importanceLevelCount > 0
    return (hasMap ? Container.Kind.withImportanceMap : .withoutImportanceMap).codecID
  }

  /// The identifier in hexadecimal digits, as the `model` parameter names it.
  public var name: String { hexadecimal(identifier) }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
