import Files
import Foundation
import NeuralNetworks

extension ModelCatalog {
  /// What was found out about one model.
  public struct Verification: Sendable, Equatable {
    /// The model's name.
    public let name: String
    /// What is wrong with its files, a phrase each; nothing when they are as they should be.
    public let problems: [String]

    /// Whether nothing is wrong.
    public var isIntact: Bool { problems.isEmpty }
  }

  /// Checks every model against the manifest: size, SHA-256, strict loading, configuration and model
  /// card; and that no weights are there without an entry.
  ///
  /// - Returns: one verdict for each entry in the order of the manifest, then one for each file too
  ///   many in the order of their names.
  /// - Throws: `NeuralNetworkError` of kind `inaccessibleFile` when the folder cannot be listed.
  public func verify() throws(NeuralNetworkError) -> [Verification] {
    let listed = manifest.entries.map { entry in
      Verification(name: entry.name, problems: problems(of: entry))
    }
    let names = Set(manifest.entries.map(\.name))
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw NeuralNetworkError(.inaccessibleFile, "\(folder.path) cannot be listed")
    }
    let surplus = files.filter { $0.hasSuffix(".safetensors") }.map { $0.dropLast(12) }
      .filter { !names.contains(String($0)) }.sorted()
    return listed
      + surplus.map { Verification(name: String($0), problems: ["it has no entry in models.json"]) }
  }

  private func problems(of entry: ModelManifest.Entry) -> [String] {
    var problems: [String] = []
    if !FileManager.default.fileExists(atPath: card(of: entry).path) {
      problems.append("the model card \(entry.name).md is missing")
    }
    do throws(NeuralNetworkError) {
      let data = try mappedFile(weights(of: entry))
      if data.count != entry.byteCount {
        problems.append("it has \(data.count) bytes, not \(entry.byteCount)")
      }
      let digest = SHA256Digest.bytes(of: data)
      if digest != entry.digest {
        problems.append("its SHA-256 is \(hexadecimal(digest)), not \(entry.sha256)")
      }
      let file = try ModelFile(data, name: "\(entry.name).safetensors")
      let model = try families.model(file, of: entry.codec)
      if file.name != entry.configuration {
        problems.append("its configuration is \(file.name), not \(entry.configuration)")
      }
      if model.codecID != entry.codec {
        problems.append("it is a model of \(model.codecID), not of \(entry.codec)")
      }
    } catch {
      problems.append(error.message)
    }
    return problems
  }
}
