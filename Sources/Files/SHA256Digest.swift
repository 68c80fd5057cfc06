import Crypto
import Foundation

/// SHA-256 digests in lower-case hexadecimal.
public enum SHA256Digest {
  /// The digest of some bytes.
  public static func hexadecimal(of bytes: some DataProtocol) -> String {
    Files.hexadecimal(SHA256.hash(data: bytes))
  }

  /// The 32 bytes of the digest of some bytes.
  public static func bytes(of bytes: some DataProtocol) -> [UInt8] {
    Array(SHA256.hash(data: bytes))
  }

  /// The digest of several pieces one after the other.
  package static func hexadecimal(ofPieces pieces: [[UInt8]]) -> String {
    var hash = SHA256()
    for piece in pieces { hash.update(data: piece) }
    return Files.hexadecimal(hash.finalize())
  }

  /// The digest of a file, read in pieces.
  ///
  /// - Throws: the system's error when the file cannot be read.
  public static func file(at path: String) throws -> String {
    var hash = SHA256()
    try forEachPiece(ofFile: path) { hash.update(data: $0) }
    return Files.hexadecimal(hash.finalize())
  }

  /// The SHA-1 of several files one after the other, as other tools identify sets of files.
  ///
  /// - Throws: the system's error when a file cannot be read.
  package static func concatenatedSHA1(ofFiles paths: [String]) throws -> String {
    var hash = Insecure.SHA1()
    for path in paths { try forEachPiece(ofFile: path) { hash.update(data: $0) } }
    return Files.hexadecimal(hash.finalize())
  }

  private static func forEachPiece(ofFile path: String, _ body: (Data) -> Void) throws {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { body(piece) }
  }
}
