import Files
import Foundation
import NeuralNetworks

/// The trained networks of a learned codec, as a model file holds them.
///
/// A model never changes and may be shared between tasks.
public protocol LearnedModel: Sendable {
  /// What its file says besides the weights.
  associatedtype Configuration: Sendable

  /// The words by which model files say that they are of this type.
  static var kinds: [String] { get }

  /// Reads the configuration of a file, and no tensor of it.
  ///
  /// - Throws: `NeuralNetworkError` of kind `malformedFile` for an unknown or missing key, a wrong
  ///   type, or a value that no network has.
  static func configuration(of file: ModelFile) throws(NeuralNetworkError) -> Configuration

  /// Reads all of a file.
  ///
  /// - Throws: `NeuralNetworkError` when the file breaks a rule of its format, or does not hold exactly
  ///   the tensors that its configuration asks for.
  init(_ file: ModelFile) throws(NeuralNetworkError)

  /// What the file says besides the weights.
  var configuration: Configuration { get }

  /// The SHA-256 of the model file.
  var digest: [UInt8] { get }

  /// The id of the codec that it is for.
  var codecID: String { get }
}

extension LearnedModel {
  /// Loads a model file.
  ///
  /// - Throws: `NeuralNetworkError` when the file cannot be read, and as ``init(_:)``.
  public init(contentsOf url: URL) throws(NeuralNetworkError) {
    try self.init(try ModelFile(contentsOf: url))
  }

  /// Reads a model file's bytes.
  ///
  /// - Parameters:
  ///   - data: the bytes, which may be memory-mapped.
  ///   - name: what the file is called in errors.
  /// - Throws: `NeuralNetworkError` as ``init(_:)``.
  public init(_ data: Data, name: String) throws(NeuralNetworkError) {
    try self.init(try ModelFile(data, name: name))
  }

  /// The SHA-256 of the model file in hexadecimal digits.
  public var sha256: String { hexadecimal(digest) }

  /// The first four bytes of the digest, by which files name the model that they need.
  public var identifier: [UInt8] { Array(digest.prefix(CodedFile.modelIdentifierSize)) }

  /// The identifier in hexadecimal digits, as the `model` parameter names it.
  public var name: String { hexadecimal(identifier) }
}
