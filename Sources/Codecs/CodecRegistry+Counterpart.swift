extension CodecRegistry {
  /// The same codec with another number of threads: two instead of one, else one.
  ///
  /// - Returns: `nil` when the codec has no parameter `threads`.
  /// - Throws: `CodecError` when the codec cannot work with that number.
  public func counterpart(of codec: any Codec) throws(CodecError) -> (any Codec)? {
    let descriptor = codec.descriptor
    var parameters = descriptor.parameters.values
    guard let threads = parameters["threads"] else { return nil }
    parameters["threads"] = threads == "1" ? "2" : "1"
    return try provider(id: descriptor.id).codec(parameters, from: self)
  }
}
