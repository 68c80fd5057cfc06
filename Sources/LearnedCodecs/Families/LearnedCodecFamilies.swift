import Codecs
import Foundation
import NeuralNetworks

/// The families of learned codecs of a build, in the order in which they are listed.
public struct LearnedCodecFamilies: Sendable {
  /// The families.
  public let families: [any LearnedCodecFamily.Type]

  /// Collects families.
  ///
  /// - Precondition: no two share a codec id, the second byte of files or a kind of model.
  public init(_ families: [any LearnedCodecFamily.Type]) {
    let kinds = families.flatMap { $0.fileKinds }
    precondition(
      Set(kinds.map(\.codecID)).count == kinds.count && Set(kinds.map(\.byte)).count == kinds.count,
      "ids and bytes of the learned codecs' files must differ")
    let modelKinds = families.flatMap { Self.modelKinds(of: $0) }
    precondition(Set(modelKinds).count == modelKinds.count, "kinds of models must differ")
    self.families = families
  }

  /// The kinds of file that the codecs write.
  public var fileKinds: [FileKind] { families.flatMap { $0.fileKinds } }

  /// The ids of the codecs.
  public var codecIDs: [String] { fileKinds.map(\.codecID) }

  /// Whether a file begins as one of these codecs does.
  public func recognize(_ bytes: [UInt8]) -> Bool {
    fileKinds.contains { $0.begins(bytes) }
  }

  /// The codecs that some models make possible.
  ///
  /// - Parameters:
  ///   - models: as for ``LearnedCodecFamily/providers(models:maximumPixelCount:)``.
  ///   - maximumPixelCount: the largest picture that is decoded, at most the format's own 2²⁷.
  public func providers(
    models: [ModelReference], maximumPixelCount: Int = 1 << 27
  ) -> [CodecProvider] {
    families.flatMap { $0.providers(models: models, maximumPixelCount: maximumPixelCount) }
  }

  /// Loads a model file of any of the families.
  ///
  /// - Throws: `NeuralNetworkError` when the file cannot be read, is no model of theirs, breaks a rule
  ///   of its format, or does not hold exactly the tensors that its configuration asks for.
  public func model(contentsOf url: URL) throws(NeuralNetworkError) -> ModelReference {
    let file = try ModelFile(contentsOf: url)
    try file.requireKind(of: families.flatMap { Self.modelKinds(of: $0) })
    for family in families where Self.modelKinds(of: family).contains(file.kind) {
      return ModelReference(try Self.model(file, of: family))
    }
    preconditionFailure("a kind that is required belongs to a family")
  }

  /// Reads a model file as one for a codec.
  ///
  /// - Precondition: one of the families has the codec.
  func model(_ file: ModelFile, of codec: String) throws(NeuralNetworkError) -> any LearnedModel {
    for family in families where family.fileKinds.contains(where: { $0.codecID == codec }) {
      return try Self.model(file, of: family)
    }
    preconditionFailure("no family has the codec \(codec)")
  }

  private static func modelKinds<Family: LearnedCodecFamily>(of family: Family.Type) -> [String] {
    Family.Model.kinds
  }

  private static func model<Family: LearnedCodecFamily>(
    _ file: ModelFile, of family: Family.Type
  ) throws(NeuralNetworkError) -> any LearnedModel {
    try Family.Model(file)
  }
}
