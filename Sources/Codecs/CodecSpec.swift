/// A codec and its parameters as text: `jpeg`, `jpeg:subsampling=444:progressive=true`.
///
/// This type is the one place that knows how a configuration is written. A spec is an id, then any
/// number of `:name=value`. A parameter whose value is a codec is written flat: the value is that
/// codec's id, and its own parameters follow with the name and a dot before them, as in
/// `filtered:base=jpeg:base.subsampling=444`, at any depth. Ids and names hold no `:` and no `=`,
/// values no `:`.
public struct CodecSpec: Sendable, Hashable {
  /// The codec's id.
  public let id: String
  /// The parameters that are named, by their names with dots; not checked against any codec.
  public let parameters: [String: String]

  /// Names a codec and some or all of its parameters.
  public init(id: String, parameters: [String: String] = [:]) {
    self.id = id
    self.parameters = parameters
  }

  /// Names a configured codec with all of its parameters.
  public init(_ descriptor: CodecDescriptor) {
    self.init(id: descriptor.id, parameters: descriptor.parameters.values)
  }

  /// Reads a spec string.
  ///
  /// - Throws: ``CodecError`` of kind `invalidParameter` for a part without an equals sign and for
  ///   a parameter that is set twice.
  public init(parsing text: String) throws(CodecError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let id = parts[0]
    var parameters: [String: String] = [:]
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else {
        throw CodecError(
          codec: id, kind: .invalidParameter,
          message: "\(text) is not a codec spec: write \(id):name=value, not :\(part)")
      }
      let name = String(part[..<equals])
      let value = String(part[part.index(after: equals)...])
      guard parameters.updateValue(value, forKey: name) == nil else {
        throw CodecError(
          codec: id, kind: .invalidParameter, message: "\(text) sets \(name) twice")
      }
    }
    self.init(id: id, parameters: parameters)
  }

  /// Reads the columns `codec` and `parameters` of a results file.
  ///
  /// - Parameters:
  ///   - id: the codec's id.
  ///   - canonicalParameters: `key=value;…` as in ``CodecParameters/canonical``. A part without an
  ///     equals sign, which nothing of ours writes, belongs to the value before it.
  public init(id: String, canonicalParameters: String) {
    var parameters: [String: String] = [:]
    var last: String?
    for part in canonicalParameters.split(separator: ";", omittingEmptySubsequences: false) {
      if let equals = part.firstIndex(of: "=") {
        let name = String(part[..<equals])
        parameters[name] = String(part[part.index(after: equals)...])
        last = name
      } else if let last {
        parameters[last]? += ";\(part)"
      }
    }
    self.init(id: id, parameters: parameters)
  }

  /// Whether a configuration is one of those that this spec names: the same codec, with every
  /// parameter that is named here at the same value.
  ///
  /// So `cw` names every configuration of `cw`, and `cw:entropy=cabac` those with that coder.
  public func includes(_ configuration: CodecSpec) -> Bool {
    id == configuration.id
      && parameters.allSatisfy { configuration.parameters[$0.key] == $0.value }
  }

  /// The parameters of the codec that a parameter names, without the prefix: `subsampling` for
  /// `base.subsampling` and the name `base`.
  public func parameters(of name: String) -> [String: String] {
    Self.parameters(of: name, in: parameters)
  }

  static func parameters(of name: String, in parameters: [String: String]) -> [String: String] {
    let prefix = "\(name)."
    var nested: [String: String] = [:]
    for (key, value) in parameters where key.hasPrefix(prefix) {
      nested[String(key.dropFirst(prefix.count))] = value
    }
    return nested
  }
}

extension CodecSpec: CustomStringConvertible {
  /// The spec string with the parameters sorted by name, which ``init(parsing:)`` reads back.
  public var description: String {
    ([id] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
      .joined(separator: ":")
  }
}

extension CodecSpec {
  /// Reads a spec with a text after it, as `--label` has them: `cw=Ours`,
  /// `cw:entropy=cabac=Ours: with CABAC`.
  ///
  /// The text begins after the first equals sign that follows a complete spec and may hold anything,
  /// colons and equals signs included; the values of the spec then hold no equals sign.
  ///
  /// - Returns: `nil` when no text follows, or nothing stands before it.
  public static func split(_ text: String) -> (spec: CodecSpec, text: String)? {
    var rest = text[...]
    func take(upTo stops: Set<Character>) -> (word: String, stop: Character)? {
      guard let index = rest.firstIndex(where: stops.contains) else { return nil }
      defer { rest = rest[rest.index(after: index)...] }
      return (String(rest[..<index]), rest[index])
    }
    guard case (let id, var stop)? = take(upTo: [":", "="]), !id.isEmpty else { return nil }
    var parameters: [String: String] = [:]
    while stop == ":" {
      guard let name = take(upTo: ["="]), let value = take(upTo: [":", "="]) else { return nil }
      guard parameters.updateValue(value.word, forKey: name.word) == nil else { return nil }
      stop = value.stop
    }
    return (CodecSpec(id: id, parameters: parameters), String(rest))
  }
}
