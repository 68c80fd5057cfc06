import Codecs

extension CodecRegistry {
  /// The same codec with another number of threads: two instead of one, else one.
  ///
  /// - Returns: `nil` when the codec has no parameter `threads`.
  func counterpart(of codec: any Codec) throws(CommandFailure) -> (any Codec)? {
    let descriptor = codec.descriptor
    var parameters = descriptor.parameters.values
    guard let threads = parameters["threads"] else { return nil }
    parameters["threads"] = threads == "1" ? "2" : "1"
    let changed = parameters
    return try codecCall { () throws(CodecError) in
      try provider(id: descriptor.id).codec(changed)
    }
  }
}
