/// A codec that can be configured: what the registry holds, one for each codec id.
public struct CodecProvider: Sendable {
  /// The id that the command line and the results use.
  public let id: String
  /// One phrase for `rdbench codecs`.
  public let summary: String
  /// The parameters that a spec string may set.
  public let parameters: [CodecParameter]
  /// Whether the encoder may write other bytes on a processor with other instruction sets, as one
  /// that rounds the sums of a network does.
  public let bytesDependOnInstructionSet: Bool
  /// Whether these bytes begin as this codec's files do.
  public let recognizes: @Sendable ([UInt8]) -> Bool
  private let make: @Sendable (CodecParameters) throws(CodecError) -> any Codec

  /// Describes a codec and how to make one.
  ///
  /// - Parameters:
  ///   - id: the name in spec strings and results.
  ///   - summary: one phrase without a full stop.
  ///   - parameters: what a spec string may set, each with its default.
  ///   - bytesDependOnInstructionSet: whether the same picture may become other bytes on another
  ///     processor.
  ///   - recognizes: looks at the first bytes of a file.
  ///   - make: builds the codec from parameters that have been checked against `parameters`.
  public init(
    id: String, summary: String, parameters: [CodecParameter],
    bytesDependOnInstructionSet: Bool = false,
    recognizes: @escaping @Sendable ([UInt8]) -> Bool,
    make: @escaping @Sendable (CodecParameters) throws(CodecError) -> any Codec
  ) {
    self.id = id
    self.summary = summary
    self.parameters = parameters
    self.bytesDependOnInstructionSet = bytesDependOnInstructionSet
    self.recognizes = recognizes
    self.make = make
  }

  /// Configures the codec.
  ///
  /// - Parameter overrides: values for some of the parameters; the others take their defaults.
  /// - Throws: ``CodecError`` of kind `invalidParameter` that names what exists, or what the codec
  ///   throws when it cannot run here.
  public func codec(_ overrides: [String: String] = [:]) throws(CodecError) -> any Codec {
    var values: [String: String] = [:]
    for parameter in parameters { values[parameter.name] = parameter.defaultValue }
    for (name, text) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw invalid(unknownParameterMessage(name))
      }
      guard let value = parameter.canonical(text) else {
        throw invalid("\(id) takes \(name)=\(parameter.valuesSummary), not \(name)=\(text)")
      }
      values[name] = value
    }
    return try make(CodecParameters(checked: values))
  }

  private func unknownParameterMessage(_ name: String) -> String {
    guard !parameters.isEmpty else { return "\(id) has no parameters, so \(name) means nothing" }
    let names = parameters.map(\.name)
    let hint = nearestName(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
    return "\(id) has no parameter \(name), it has \(names.joined(separator: ", "))\(hint)"
  }

  private func invalid(_ message: String) -> CodecError {
    CodecError(codec: id, kind: .invalidParameter, message: message)
  }
}
