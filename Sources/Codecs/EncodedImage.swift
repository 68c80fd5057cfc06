/// A coded picture: every byte that the decoder needs.
public struct EncodedImage: Sendable, Equatable {
  /// A part of the bytes and its size, for codecs that know how theirs divide.
  public struct Section: Sendable, Hashable {
    /// What the part holds.
    public let name: Name
    /// Its size in bytes.
    public let byteCount: Int

    /// Names a part.
    ///
    /// - Precondition: `byteCount` is not negative.
    public init(_ name: Name, _ byteCount: Int) {
      precondition(byteCount >= 0, "a section cannot have fewer than 0 bytes")
      self.name = name
      self.byteCount = byteCount
    }

    /// What a part holds, in the codec's own words: small letters, digits and underscores, with dots
    /// between the names of wrapped codecs.
    public struct Name: RawRepresentable, Sendable, Hashable {
      /// The word, as results, store and `rdbench inspect` have it.
      public let rawValue: String

      /// Names a part; any text will do that has no `=` and no `;`, which separate sections.
      public init?(rawValue: String) {
        guard !rawValue.isEmpty, !rawValue.contains(where: { $0 == "=" || $0 == ";" }) else {
          return nil
        }
        self.rawValue = rawValue
      }

      private init(_ word: String) { rawValue = word }

      /// Magic, sizes, model identity, checksums.
      public static let header = Name("header")
      /// A map of importance.
      public static let importanceMap = Name("importance_map")
      /// Coded latents.
      public static let codes = Name("codes")
      /// What is not divided further.
      public static let payload = Name("payload")
    }
  }

  /// The bytes; their number is the rate.
  public let bytes: [UInt8]
  /// How the bytes divide, in the order of the file; empty when the codec does not say.
  public let sections: [Section]

  /// Wraps coded bytes.
  ///
  /// - Precondition: `sections` is empty, or its names differ and it adds up to the number of bytes.
  public init(bytes: [UInt8], sections: [Section] = []) {
    precondition(
      sections.isEmpty || sections.map(\.byteCount).reduce(0, +) == bytes.count,
      "sections must add up to the number of bytes")
    precondition(
      Set(sections.map(\.name)).count == sections.count, "the names of sections must differ")
    self.bytes = bytes
    self.sections = sections
  }
}

extension [EncodedImage.Section] {
  /// The size of the section of a name, or `nil` when there is none.
  public subscript(name: EncodedImage.Section.Name) -> Int? {
    first { $0.name == name }?.byteCount
  }
}
