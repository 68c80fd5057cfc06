import StrictJSON

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

  /// Makes the codec that a spec string describes (``CodecSpec``).
  ///
  /// - Throws: ``CodecError`` that says which codecs or parameters exist.
  public func codec(spec: String) throws(CodecError) -> any Codec {
    try codec(CodecSpec(parsing: spec))
  }

  /// Makes the codec that a spec describes, with the codecs of this registry for its parts.
  ///
  /// - Throws: ``CodecError`` that says which codecs or parameters exist.
  public func codec(_ spec: CodecSpec) throws(CodecError) -> any Codec {
    try provider(id: spec.id).codec(spec.parameters, from: self)
  }

  /// Makes the codec that decodes a file, as the file itself says.
  ///
  /// - Returns: `nil` when no codec's files begin like these bytes.
  /// - Throws: ``CodecError`` when the file names parts that this build does not have.
  public func decoder(for bytes: [UInt8]) throws(CodecError) -> (any Codec)? {
    try provider(recognizing: bytes)?.decoder(for: bytes, from: self)
  }

  /// Looks a codec up by its id.
  ///
  /// - Throws: ``CodecError`` of kind `unknownCodec` that lists the ids and suggests the nearest.
  public func provider(id: String) throws(CodecError) -> CodecProvider {
    if let provider = providers.first(where: { $0.id == id }) { return provider }
    let ids = providers.map(\.id)
    let hint = didYouMean(id, in: ids)
    throw CodecError(
      codec: id, kind: .unknownCodec,
      message: "there is no codec \(id), there are \(ids.joined(separator: ", "))\(hint)")
  }

  /// The codec whose files begin like these bytes.
  public func provider(recognizing bytes: [UInt8]) -> CodecProvider? {
    providers.first { $0.recognizes(bytes) }
  }
}
