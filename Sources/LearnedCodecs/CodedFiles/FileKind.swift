import Codecs

/// What tells the files of one learned codec from those of the others, and what they hold.
public struct FileKind: Sendable, Hashable {
  /// A part of a file behind its header.
  public struct Section: Sendable, Hashable {
    /// What it holds, as results and `rdbench inspect` call it.
    public let name: EncodedImage.Section.Name
    /// Whether it has its place in the layout and never any bytes.
    public let isAlwaysEmpty: Bool

    /// Names a part.
    public init(_ name: EncodedImage.Section.Name, isAlwaysEmpty: Bool = false) {
      self.name = name
      self.isAlwaysEmpty = isAlwaysEmpty
    }
  }

  /// The second byte of the files.
  public let byte: UInt8
  /// The id of the codec that writes them.
  public let codecID: String
  /// What follows the header, in the order of the file.
  public let sections: [Section]
  /// The words of the entropy coders that may have written the sections; a file has the place in this
  /// list.
  public let coders: [String]

  /// Describes the files of a codec.
  ///
  /// - Precondition: the sections' names differ, none is `header`, and there are 1 to 16 coders.
  public init(byte: UInt8, codecID: String, sections: [Section], coders: [String]) {
    precondition(
      Set(sections.map(\.name)).count == sections.count
        && !sections.contains { $0.name == .header }, "the names of sections must differ")
    precondition((1...16).contains(coders.count), "four bits say which coder it is")
    self.byte = byte
    self.codecID = codecID
    self.sections = sections
    self.coders = coders
  }

  /// Whether a file begins as those of this kind do.
  public func begins(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [CodedFile.firstByte, byte])
  }
}
