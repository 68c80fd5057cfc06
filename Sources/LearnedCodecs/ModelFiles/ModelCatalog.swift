import Foundation
import NeuralNetworks

/// A folder of models with their manifest, as rdbench ships one.
///
/// `Models/README.md` describes the folder. Nothing but the manifest is read until a model is needed.
public struct ModelCatalog: Sendable {
  /// Where the files are.
  public let folder: URL
  /// The codecs that the models may be for.
  public let families: LearnedCodecFamilies
  /// What the folder should hold.
  public let manifest: ModelManifest

  /// Reads the manifest of a folder.
  ///
  /// - Parameters:
  ///   - folder: where the files are.
  ///   - families: the codecs that the models may be for.
  /// - Throws: `NeuralNetworkError` of kind `inaccessibleFile` or `malformedFile`.
  public init(folder: URL, families: LearnedCodecFamilies) throws(NeuralNetworkError) {
    self.folder = folder
    self.families = families
    manifest = try ModelManifest(
      try mappedFile(folder.appendingPathComponent(ModelManifest.fileName)),
      codecs: families.codecIDs)
  }

  /// The folder of the models that came with the program: in the resources beside it, wherever it
  /// was installed; `nil` when only the program itself was copied.
  public static var shippedFolder: URL? {
    let programFolder = Bundle.main.executableURL?.resolvingSymlinksInPath()
      .deletingLastPathComponent()
    guard let programFolder else { return nil }
    // The package manager's names for a target's resources on Linux and on macOS.
    let resources = ["resources/", "bundle/", "bundle/Contents/Resources/"]
    return resources.lazy
      .map { programFolder.appendingPathComponent("rdbench_LearnedCodecs.\($0)Models") }
      .first { url in
        FileManager.default.fileExists(
          atPath: url.appendingPathComponent(ModelManifest.fileName).path)
      }
  }

  /// The models in the order of the manifest, each read and checked when it is first needed.
  public var models: [ModelReference] {
    manifest.entries.map { entry in
      let file = weights(of: entry)
      return ModelReference(digest: entry.digest, codec: entry.codec) {
        () throws(NeuralNetworkError) in try ModelFile(contentsOf: file)
      }
    }
  }

  /// The weights of a model.
  func weights(of entry: ModelManifest.Entry) -> URL {
    folder.appendingPathComponent("\(entry.name).safetensors")
  }

  /// The model card of a model.
  func card(of entry: ModelManifest.Entry) -> URL {
    folder.appendingPathComponent("\(entry.name).md")
  }
}
