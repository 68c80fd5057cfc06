import Crypto
import Foundation
import Imaging

/// SHA-256 digests in lower-case hexadecimal.
public enum SHA256Digest {
  /// The digest of some bytes.
  public static func hexadecimal(of bytes: some DataProtocol) -> String {
    SHA256.hash(data: bytes).hexadecimal
  }

  /// The digest of a picture's pixels, which does not depend on how a file compresses them.
  ///
  /// The digested bytes are width, height and number of channels, each as a big-endian 32-bit
  /// integer, then the samples as `Image.samples` holds them.
  public static func pixels(of image: Image) -> String {
    var hash = SHA256()
    for number in [image.width, image.height, image.channelCount] {
      withUnsafeBytes(of: UInt32(number).bigEndian) { hash.update(bufferPointer: $0) }
    }
    image.samples.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().hexadecimal
  }

  /// The digest of a file, read in pieces.
  ///
  /// - Throws: the system's error when the file cannot be read.
  public static func file(at path: String) throws -> String {
    var hash = SHA256()
    try forEachPiece(ofFile: path) { hash.update(data: $0) }
    return hash.finalize().hexadecimal
  }

  /// The SHA-1 of several files one after the other, as other tools identify sets of files.
  ///
  /// - Throws: the system's error when a file cannot be read.
  static func concatenatedSHA1(ofFiles paths: [String]) throws -> String {
    var hash = Insecure.SHA1()
    for path in paths { try forEachPiece(ofFile: path) { hash.update(data: $0) } }
    return hash.finalize().hexadecimal
  }

  private static func forEachPiece(ofFile path: String, _ body: (Data) -> Void) throws {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { body(piece) }
  }
}

extension Digest {
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: self.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
