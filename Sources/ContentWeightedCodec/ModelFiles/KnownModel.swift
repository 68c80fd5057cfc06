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

  /// A model that has been read already.
  public init(_ model: ContentWeightedModel) {
    digest = model.digest
    codec = model.codecID
    loaded = Mutex(model)
    load = { () throws(NeuralNetworkError) in model }
  }

  /// A model to be read later.
  ///
  /// - Parameters:
  ///   - digest: the SHA-256 of its file.
  ///   - codec: the id of the codec that it is for.
  ///   - load: reads it, and throws when the file is another than it should be.
  init(
    digest: [UInt8], codec: String,
    load: @escaping @Sendable () throws(NeuralNetworkError) -> ContentWeightedModel
  ) {
    self.digest = digest
    self.codec = codec
    loaded = Mutex(nil)
    self.load = load
  }

  /// The first four bytes of the digest, by which files name the model that they need.
  var identifier: [UInt8] { Array(digest.prefix(4)) }

  /// The identifier in hexadecimal digits, as the `model` parameter names it.
  public var name: String { hexadecimal(identifier) }

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
