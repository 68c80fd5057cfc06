/// The codecs of a build, in the order in which they are listed and run.
public struct CodecRegistry: Sendable {
  /// The codecs, each with its own id.
  public let providers: [CodecProvider]

  /// Collects codecs.
  ///
  /// - Precondition: no two have the same id.
  public init(_ providers: [CodecProvider]) {
    precondition(Set(providers.map(\.id)).count == providers.count, "codec ids must differ")
    self.providers = providers
  }

  /// Makes the codec that a spec string describes.
  ///
  /// A spec is an id, then any number of parameters: `jpeg`, `jpeg:subsampling=444`,
  /// `jpeg:subsampling=444:progressive=true`.
  ///
  /// - Throws: ``CodecError`` that says which codecs or parameters exist.
  public func codec(spec: String) throws(CodecError) -> any Codec {
    let parts = spec.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let provider = try provider(id: parts[0])
    var overrides: [String: String] = [:]
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else {
        throw CodecError(
          codec: provider.id, kind: .invalidParameter,
          message: "\(spec) is not a codec spec: write \(provider.id):name=value, not :\(part)")
      }
      let name = String(part[..<equals])
      guard overrides.updateValue(String(part[part.index(after: equals)...]), forKey: name) == nil
      else {
        throw CodecError(
          codec: provider.id, kind: .invalidParameter, message: "\(spec) sets \(name) twice")
      }
    }
    return try provider.codec(overrides)
  }

  /// Looks a codec up by its id.
  ///
  /// - Throws: ``CodecError`` of kind `unknownCodec` that lists the ids and suggests the nearest.
  public func provider(id: String) throws(CodecError) -> CodecProvider {
    if let provider = providers.first(where: { $0.id == id }) { return provider }
    let ids = providers.map(\.id)
    let hint = nearestName(to: id, in: ids).map { "; did you mean \($0)?" } ?? ""
    throw CodecError(
      codec: id, kind: .unknownCodec,
      message: "there is no codec \(id), there are \(ids.joined(separator: ", "))\(hint)")
  }

  /// The codec whose files begin like these bytes.
  public func provider(recognizing bytes: [UInt8]) -> CodecProvider? {
    providers.first { $0.recognizes(bytes) }
  }
}
