/// Whole numbers as coded files hold their sizes: seven bits to a byte, the lowest first; the top bit
/// says that more follow (LEB128).
public enum VariableLengthInteger {
  /// The bytes of a number, as few as hold it.
  ///
  /// - Precondition: `value` is not negative.
  public static func bytes(of value: Int) -> [UInt8] {
    precondition(value >= 0, "only the size of something is written this way")
    var bytes: [UInt8] = []
    var rest = value
    repeat {
      let low = UInt8(rest & 0x7F)
      rest >>= 7
      bytes.append(rest == 0 ? low : low | 0x80)
    } while rest > 0
    return bytes
  }

  /// How many bytes a number takes.
  ///
  /// - Precondition: `value` is not negative.
  public static func byteCount(of value: Int) -> Int { bytes(of: value).count }
}
