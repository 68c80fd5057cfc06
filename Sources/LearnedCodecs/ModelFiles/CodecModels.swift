import Codecs
import Files
import NeuralNetworks

/// The models that one codec may encode and decode with, the default first.
package struct CodecModels<Model: LearnedModel>: Sendable {
  /// The codec's id.
  package let codec: String
  /// The models, each once.
  package let references: [ModelReference]

  /// Picks those of a codec.
  ///
  /// - Parameters:
  ///   - models: any models; one that is given twice counts once.
  ///   - codec: the codec's id.
  package init(_ models: [ModelReference], of codec: String) {
    self.codec = codec
    var references: [ModelReference] = []
    for model in models where model.codec == codec {
      if !references.contains(where: { $0.digest == model.digest }) { references.append(model) }
    }
    self.references = references
  }

  /// The parameter `model`.
  package var parameter: CodecParameter {
    let names = references.isEmpty ? ["none"] : references.map(\.name)
    return CodecParameter(
      "model", .choice(names), default: names[0], help: "the weights, by their SHA-256")
  }

  /// The configuration of the default model, on which the defaults of parameters may depend; `nil`
  /// without models.
  ///
  /// A failure must not become other defaults: whoever makes a codec throws it.
  package func defaultConfiguration() -> Result<Model.Configuration?, CodecError> {
    do throws(NeuralNetworkError) {
      return .success(try references.first?.configuration(as: Model.self))
    } catch {
      return .failure(CodecError(error, codec: codec))
    }
  }

  /// The model that the parameter `model` names.
  ///
  /// - Throws: `CodecError` of kind `unavailable` when there is none or it cannot be read.
  package func model(_ parameters: CodecParameters) throws(CodecError) -> Model {
    guard let reference = references.first(where: { $0.name == parameters["model"] }) else {
      throw CodecError(
        codec: codec, kind: .unavailable,
        message: "this build has no weights for it; give some with --model FILE")
    }
    return try load(reference)
  }

  /// The model that a file was coded with.
  ///
  /// - Throws: `CodecError` of kind `unavailable` when it is not at hand or cannot be read.
  package func model(of file: CodedFile) throws(CodecError) -> Model {
    guard let reference = references.first(where: { $0.identifier == file.modelIdentifier }) else {
      throw CodecError(
        codec: codec, kind: .unavailable,
        message: "the file needs the model \(hexadecimal(file.modelIdentifier)): give its weights")
    }
    return try load(reference)
  }

  private func load(_ reference: ModelReference) throws(CodecError) -> Model {
    do throws(NeuralNetworkError) {
      return try reference.model(as: Model.self)
    } catch {
      throw CodecError(error, codec: codec)
    }
  }
}

extension CodecError {
  /// A network that could not be loaded or run.
  package init(_ error: NeuralNetworkError, codec: String) {
    self.init(
      codec: codec, kind: .unavailable, libraryCode: error.libraryCode, message: error.message)
  }
}
