import Files

/// Bytes that stand for a list of texts and for no other list.
///
/// Each text is written as the number of its UTF-8 bytes, a big-endian 64-bit integer, and the bytes
/// themselves; a list is written as the number of its texts in the same way, and the texts. Because
/// every length stands before what it measures, two different lists never give the same bytes.
package struct CanonicalEncoding {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// Starts without a text.
  package init() {}

  /// Writes one text.
  package mutating func append(_ text: String) {
    append(count: text.utf8.count)
    bytes += text.utf8
  }

  /// Writes a text that may be missing; a missing one differs from an empty one.
  package mutating func append(_ text: String?) {
    append(count: text == nil ? 0 : 1)
    if let text { append(text) }
  }

  /// Writes names with their values, in the order given.
  package mutating func append(_ pairs: [(name: String, value: String)]) {
    append(count: pairs.count)
    for pair in pairs {
      append(pair.name)
      append(pair.value)
    }
  }

  /// SHA-256 of what was written.
  package var digest: String { SHA256Digest.hexadecimal(of: bytes) }

  private mutating func append(count: Int) {
    bytes += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
  }
}
