import Files
import Foundation
import NeuralNetworks
import StrictJSON

/// The members of a JSON object in a model file or manifest.
package typealias ModelObject = StrictJSONObject<NeuralNetworkError>

/// A file of weights, of whichever learned codec: what all of them say, and the rest for the codec.
///
/// It is a safetensors file whose metadata have `format`, always `rdbench-model`, and `config`, a JSON
/// object. Of its keys this type takes `format_version`, `name`, `kind`, `weights` and `training`; each
/// codec takes its own and refuses those that are left over.
public struct ModelFile {
  /// What the file is called in errors.
  public let fileName: String
  /// The name of the configuration, such as `cw`.
  public let name: String
  /// What the network is, such as `content_weighted`.
  public let kind: String
  /// The element type of all tensors but those of whole numbers.
  public let elementType: SafeTensors.ElementType
  /// The keys of the configuration that belong to the codec.
  package let configuration: ModelObject
  private let tensors: SafeTensors
  private let data: Data

  /// Opens a file, of which nothing but the header is read.
  ///
  /// - Throws: `NeuralNetworkError` of kind `inaccessibleFile` or `malformedFile`.
  public init(contentsOf url: URL) throws(NeuralNetworkError) {
    try self.init(try mappedFile(url), name: url.lastPathComponent)
  }

  /// Reads a file's bytes.
  ///
  /// - Parameters:
  ///   - data: the bytes, which may be memory-mapped.
  ///   - fileName: what the file is called in errors.
  /// - Throws: `NeuralNetworkError` of kind `malformedFile`.
  public init(_ data: Data, name fileName: String) throws(NeuralNetworkError) {
    let tensors = try SafeTensors(data, name: fileName)
    guard tensors.metadata["format"] == "rdbench-model", let json = tensors.metadata["config"]
    else {
      throw NeuralNetworkError(.malformedFile, "\(fileName) is no model of rdbench")
    }
    var keys = try ModelObject(json: json.utf8, subject: "the config of \(fileName)")
    let version = try keys.integer("format_version", in: 0...Int.max)
    try keys.require(version == 1, "format_version \(version) is not 1, the one that is read here")
    name = try keys.string("name")
    kind = try keys.string("kind")
    elementType = try keys.choice("weights", SafeTensors.ElementType.floats)
    // For people: how the weights came about.
    try keys.skip("training")
    configuration = keys
    self.fileName = fileName
    self.tensors = tensors
    self.data = data
  }

  /// The tensors, none of which has been read.
  package var weights: WeightReader { WeightReader(tensors, elementType: elementType) }

  /// The SHA-256 of the file.
  ///
  /// - Complexity: O(n) for n bytes, at each call.
  public var digest: [UInt8] { SHA256Digest.bytes(of: data) }

  /// Makes sure that the file is for a family of models.
  ///
  /// - Throws: `NeuralNetworkError` of kind `malformedFile` that names the kinds.
  package func requireKind(of kinds: [String]) throws(NeuralNetworkError) {
    let known = kinds.joined(separator: ", ")
    try configuration.require(
      kinds.contains(kind),
      "the kind \(kind) is \(kinds.count == 1 ? "not" : "none of") \(known)")
  }
}
