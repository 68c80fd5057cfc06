import Crypto
import Imaging

/// The identity of a picture's pixels, whatever file they came from.
///
/// SHA-256 over width, height and number of channels as big-endian 32-bit integers, then the
/// samples, interleaved and row-major.
public enum PixelDigest {
  /// The digest in lower-case hexadecimal.
  public static func sha256(of image: Image) -> String {
    var hash = SHA256()
    for number in [image.width, image.height, image.channelCount] {
      withUnsafeBytes(of: UInt32(number).bigEndian) { hash.update(bufferPointer: $0) }
    }
    hash.update(data: image.samples)
    return hexadecimal(hash.finalize())
  }
}

/// SHA-256 of bytes in lower-case hexadecimal.
func sha256(of bytes: [UInt8]) -> String {
  hexadecimal(SHA256.hash(data: bytes))
}

/// Bytes in lower-case hexadecimal.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
