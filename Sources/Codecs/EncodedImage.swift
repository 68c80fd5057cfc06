/// A coded picture: every byte that the decoder needs.
public struct EncodedImage: Sendable, Equatable {
  /// A part of the bytes, for codecs that know how theirs divide.
  public enum Section: String, Sendable, CaseIterable {
    /// Magic, sizes, model identity, checksums.
    case header
    /// The learned codecs' importance map.
    case importanceMap
    /// The learned codecs' binary codes.
    case codes
    /// Anything else.
    case payload
  }

  /// The bytes; their number is the rate.
  public let bytes: [UInt8]
  /// How many of the bytes belong to each section; empty when the codec does not say.
  public let sections: [Section: Int]

  /// Wraps coded bytes.
  ///
  /// - Precondition: `sections` is empty or adds up to the number of bytes.
  public init(bytes: [UInt8], sections: [Section: Int] = [:]) {
    precondition(
      sections.isEmpty || sections.values.reduce(0, +) == bytes.count,
      "sections must add up to the number of bytes")
    self.bytes = bytes
    self.sections = sections
  }
}
