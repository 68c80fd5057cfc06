import Files
import NeuralNetworks
import Synchronization

/// A model that can be named at once and is read when it is first needed.
public final class ModelReference: Sendable {
  /// The SHA-256 of its file.
  public let digest: [UInt8]
  /// The id of the codec that it is for.
  public let codec: String
  private let loaded: Mutex<(any LearnedModel)?>
  private let open: @Sendable () throws(NeuralNetworkError) -> ModelFile

  /// A model that has been read already.
  public init(_ model: some LearnedModel) {
    digest = model.digest
    codec = model.codecID
    loaded = Mutex(model)
    open = { preconditionFailure("a model that has been read is not opened again") }
  }

  /// A model to be read later.
  ///
  /// - Parameters:
  ///   - digest: the SHA-256 that its file must have.
  ///   - codec: the id of the codec that it must be for.
  ///   - open: opens the file.
  init(
    digest: [UInt8], codec: String,
    open: @escaping @Sendable () throws(NeuralNetworkError) -> ModelFile
  ) {
    self.digest = digest
    self.codec = codec
    self.open = open
    loaded = Mutex(nil)
  }

  /// The first four bytes of the digest, by which files name the model that they need.
  public var identifier: [UInt8] { Array(digest.prefix(CodedFile.modelIdentifierSize)) }

  /// The identifier in hexadecimal digits, as the `model` parameter names it.
  public var name: String { hexadecimal(identifier) }

  /// Its configuration, for which the weights need not be read.
  ///
  /// - Throws: `NeuralNetworkError` as `LearnedModel/configuration(of:)`, and when the file cannot be
  ///   read.
  /// - Precondition: as ``model(as:)``.
  package func configuration<Model: LearnedModel>(
    as type: Model.Type
  ) throws(NeuralNetworkError) -> Model.Configuration {
    if let known = loaded.withLock({ $0 }) { return cast(known, to: type).configuration }
    return try Model.configuration(of: try open())
  }

  /// The model itself, read once.
  ///
  /// - Throws: `NeuralNetworkError` as `LearnedModel/init(_:)`, and when the file cannot be read or is
  ///   another than it should be.
  /// - Precondition: it is always asked for as one type, that of its codec.
  package func model<Model: LearnedModel>(
    as type: Model.Type
  ) throws(NeuralNetworkError) -> Model {
    try loaded.withLock { (loaded) throws(NeuralNetworkError) in
      if let loaded { return cast(loaded, to: type) }
      let file = try open()
      let model = try Model(file)
      guard model.digest == digest, model.codecID == codec else {
        throw NeuralNetworkError(
          .malformedFile,
          "\(file.fileName) is not the file that \(ModelManifest.fileName) describes; "
            + "‘rdbench models verify’ says more")
      }
      loaded = model
      return model
    }
  }

  private func cast<Model: LearnedModel>(_ model: any LearnedModel, to type: Model.Type) -> Model {
    guard let model = model as? Model else {
      preconditionFailure("the model \(name) of \(codec) is no \(type)")
    }
    return model
  }
}
