import NeuralNetworks
import Synchronization

/// A model that can be named at once and is read when it is first needed.
public final class KnownModel: Sendable {
  /// The SHA-256 of its file.
  public let digest: [UInt8]
  /// The id of the codec that it is for.
  public let codec: String
  private let loaded: Mutex<ContentWeightedModel?>
  private let load: @Sendable () throws(NeuralNetworkError) -> ContentWeightedModel
  private let loadConfiguration: @Sendable () throws(NeuralNetworkError) -> ModelConfiguration

  /// A model that has been read already.
  public init(_ model: ContentWeightedModel) {
    digest = model.digest
    codec = model.codecID
    loaded = Mutex(model)
    load = { () throws(NeuralNetworkError) in model }
    loadConfiguration = { () throws(NeuralNetworkError) in model.configuration }
  }

  /// A model to be read later.
  ///
  /// - Parameters:
  ///   - digest: the SHA-256 of its file.
  ///   - codec: the id of the codec that it is for.
  ///   - loadConfiguration: reads its configuration only.
  ///   - load: reads it, and throws when the file is another than it should be.
  init(
    digest: [UInt8], codec: String,
    loadConfiguration:
      @escaping @Sendable () throws(NeuralNetworkError) -> ModelConfiguration,
    load: @escaping @Sendable () throws(NeuralNetworkError) -> ContentWeightedModel
  ) {
    self.digest = digest
    self.codec = codec
    loaded = Mutex(nil)
    self.load = load
    self.loadConfiguration = loadConfiguration
  }

  /// The first four bytes of the digest, by which files name the model that they need.
  var identifier: [UInt8] { Array(digest.prefix(4)) }

  /// The identifier in hexadecimal digits, as the `model` parameter names it.
  public var name: String { hexadecimal(identifier) }

  /// Its configuration, for which the weights need not be read.
  ///
  /// - Throws: `NeuralNetworkError` as `ContentWeightedModel/init(contentsOf:)`.
  func configuration() throws(NeuralNetworkError) -> ModelConfiguration {
    try loadConfiguration()
  }

  /// The model itself, read once.
  ///
  /// - Throws: `NeuralNetworkError` as `ContentWeightedModel/init(contentsOf:)`.
  func model() throws(NeuralNetworkError) -> ContentWeightedModel {
    try loaded.withLock { (loaded) throws(NeuralNetworkError) in
      if let loaded { return loaded }
      let model = try load()
      loaded = model
      return model
    }
  }
}
