import StrictJSON

/// A codec that can be configured: what the registry holds, one for each codec id.
public struct CodecProvider: Sendable {
  /// The id that the command line and the results use.
  public let id: String
  /// One phrase for `rdbench codecs`.
  public let summary: String
  /// The parameters that a spec string may set.
  public let parameters: [CodecParameter]
  /// Whether these bytes begin as this codec's files do.
  public let recognizes: @Sendable ([UInt8]) -> Bool
  private let configuration: @Sendable ([UInt8]) throws(CodecError) -> [String: String]
  private let make: @Sendable (CodecParameters, [String: any Codec]) throws(CodecError) -> any Codec

  /// Describes a codec and how to make one.
  ///
  /// - Parameters:
  ///   - id: the name in spec strings and results.
  ///   - summary: one phrase without a full stop.
  ///   - parameters: what a spec string may set, each with its default.
  ///   - recognizes: looks at the first bytes of a file.
  ///   - make: builds the codec from parameters that have been checked against `parameters`.
  public init(
    id: String, summary: String, parameters: [CodecParameter],
    recognizes: @escaping @Sendable ([UInt8]) -> Bool,
    make: @escaping @Sendable (CodecParameters) throws(CodecError) -> any Codec
  ) {
    self.init(
      id: id, summary: summary, parameters: parameters, recognizes: recognizes,
      configuration: { _ throws(CodecError) in [:] },
      makeWrapping: { parameters, _ throws(CodecError) in try make(parameters) })
  }

  /// Describes a codec that holds others, one for each parameter of kind
  /// ``CodecParameter/Values/codec(alternatives:)``.
  ///
  /// - Parameters:
  ///   - id: the name in spec strings and results.
  ///   - summary: one phrase without a full stop.
  ///   - parameters: what a spec string may set, each with its default.
  ///   - recognizes: looks at the first bytes of a file.
  ///   - configuration: reads from a file of this codec which parameters decode it, the codecs that
  ///     made its parts among them.
  ///   - makeWrapping: builds the codec from checked parameters and from the codecs that they name,
  ///     by the names of the parameters; those of the inner codecs stand among the parameters with
  ///     dots.
  public init(
    id: String, summary: String, parameters: [CodecParameter],
    recognizes: @escaping @Sendable ([UInt8]) -> Bool,
    configuration: @escaping @Sendable ([UInt8]) throws(CodecError) -> [String: String],
    makeWrapping:
      @escaping @Sendable (CodecParameters, [String: any Codec]) throws(CodecError)
      -> any Codec
  ) {
    self.id = id
    self.summary = summary
    self.parameters = parameters
    self.recognizes = recognizes
    self.configuration = configuration
    make = makeWrapping
  }

  /// Configures the codec.
  ///
  /// - Parameters:
  ///   - overrides: values for some of the parameters; the others take their defaults.
  ///   - registry: where the codecs come from that parameters name.
  /// - Throws: ``CodecError`` of kind `invalidParameter` that names what exists, or what the codec
  ///   throws when it cannot run here.
  public func codec(
    _ overrides: [String: String] = [:], from registry: CodecRegistry = CodecRegistry([])
  ) throws(CodecError) -> any Codec {
    var values: [String: String] = [:]
    var inner: [String: any Codec] = [:]
    for parameter in parameters {
      guard case .codec = parameter.values else {
        values[parameter.name] = parameter.defaultValue
        continue
      }
      guard let spec = try innerSpec(parameter, overrides) else {
        values[parameter.name] = overrides[parameter.name] ?? parameter.defaultValue
        continue
      }
      let codec = try part(spec, from: registry, isDefault: overrides[parameter.name] == nil)
      inner[parameter.name] = codec
      values[parameter.name] = spec.id
      for (name, value) in codec.descriptor.parameters.values {
        values["\(parameter.name).\(name)"] = value
      }
    }
    for name in overrides.keys.sorted() where values[name] == nil {
      throw invalid(unknownParameterMessage(name))
    }
    for parameter in parameters {
      guard let text = overrides[parameter.name], inner[parameter.name] == nil else { continue }
      guard let value = parameter.canonical(text) else {
        throw invalid(
          "\(id) takes \(parameter.name)=\(parameter.valuesSummary), not \(parameter.name)=\(text)")
      }
      values[parameter.name] = value
    }
    return try make(CodecParameters(checked: values), inner)
  }

  /// Makes the codec that a parameter asks for.
  ///
  /// - Throws: ``CodecError``; of kind `unavailable` when this build has not the codec that stands for the
  ///   parameter by default.
  private func part(
    _ spec: CodecSpec, from registry: CodecRegistry, isDefault: Bool
  ) throws(CodecError) -> any Codec {
    do throws(CodecError) {
      return try registry.codec(spec)
    } catch {
      guard isDefault, error.kind == .unknownCodec else { throw error }
      throw CodecError(
        codec: id, kind: .unavailable, message: "this build has no \(spec.id), which \(id) needs")
    }
  }

  /// The codec that decodes a file of this provider.
  ///
  /// - Throws: ``CodecError`` of kind `corruptData` for a file that does not say what it needs, or
  ///   what ``codec(_:from:)`` throws.
  public func decoder(
    for bytes: [UInt8], from registry: CodecRegistry
  ) throws(CodecError) -> any Codec {
    try codec(try configuration(bytes), from: registry)
  }

  /// The codec that a parameter asks for: the default's parameters hold for the default alone.
  ///
  /// - Returns: `nil` for one of the words that stand for no codec.
  private func innerSpec(
    _ parameter: CodecParameter, _ overrides: [String: String]
  ) throws(CodecError) -> CodecSpec? {
    guard case .codec(let alternatives) = parameter.values else { return nil }
    let nested = CodecSpec.parameters(of: parameter.name, in: overrides)
    let word = overrides[parameter.name] ?? parameter.defaultValue
    if alternatives.contains(word) {
      if let name = nested.keys.min() {
        throw invalid(
          "\(id) has no codec at \(parameter.name)=\(word), so \(parameter.name).\(name) means nothing"
        )
      }
      return nil
    }
    if let id = overrides[parameter.name] { return CodecSpec(id: id, parameters: nested) }
    let usual = try CodecSpec(parsing: parameter.defaultValue)
    return CodecSpec(id: usual.id, parameters: usual.parameters.merging(nested) { $1 })
  }

  private func unknownParameterMessage(_ name: String) -> String {
    guard !parameters.isEmpty else { return "\(id) has no parameters, so \(name) means nothing" }
    let names = parameters.map(\.name)
    let hint = didYouMean(name, in: names)
    return "\(id) has no parameter \(name), it has \(names.joined(separator: ", "))\(hint)"
  }

  private func invalid(_ message: String) -> CodecError {
    CodecError(codec: id, kind: .invalidParameter, message: message)
  }
}
