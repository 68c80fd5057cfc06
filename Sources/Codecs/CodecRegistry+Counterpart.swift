extension CodecRegistry {
  /// The same codec with another number of threads: two instead of one, else one.
  ///
  /// The numbers of its parts change with it.
  ///
  /// - Returns: `nil` when neither the codec nor a part has a parameter `threads`, and where it cannot work
  ///   with another number.
  /// - Throws: `CodecError` when the codec cannot be made.
  public func counterpart(of codec: any Codec) throws(CodecError) -> (any Codec)? {
    var parameters = codec.descriptor.parameters.values
    let names = parameters.keys.filter { $0 == "threads" || $0.hasSuffix(".threads") }
    if names.isEmpty { return nil }
    for name in names { parameters[name] = parameters[name] == "1" ? "2" : "1" }
    do throws(CodecError) {
      return try self.codec(CodecSpec(id: codec.descriptor.id, parameters: parameters))
    } catch {
      guard error.kind == .unavailable else { throw error }
      return nil
    }
  }
}
