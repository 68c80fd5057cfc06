import Files
import Foundation

/// Coded pictures as plain files, each called after the SHA-256 of its bytes.
///
/// `a/b/abcd…` holds the bytes whose digest begins with `abcd`, so there are at most 256 folders of
/// files: more would take more space than most files do. A file gets its name only when all
/// its bytes are on the disk, and it is compared with its name whenever it is read.
struct BitstreamFolder: Sendable {
  /// The folder.
  let path: String

  /// Where the bytes of a digest lie, if they are there.
  func file(_ digest: String) -> String {
    "\(path)/\(digest.prefix(1))/\(digest.dropFirst().prefix(1))/\(digest)"
  }

  /// Reads bytes.
  ///
  /// - Returns: `nil` when the file is missing or holds other bytes than its name promises; such a file
  ///   is removed, so that the right one can take its place.
  func read(_ digest: String) -> [UInt8]? {
    let file = file(digest)
    guard let data = FileManager.default.contents(atPath: file) else { return nil }
    guard SHA256Digest.hexadecimal(of: data) == digest else {
      unsafe unlink(file)
      return nil
    }
    return [UInt8](data)
  }

  /// Writes bytes, unless they are there already.
  ///
  /// - Throws: ``StoreError`` of kind `inaccessible` when the disk is full or the folder read-only;
  ///   nothing is left of the attempt.
  func write(_ bytes: [UInt8], digest: String) throws(StoreError) {
    guard read(digest) == nil else { return }
    let file = file(digest)
    do {
      try FileManager.default.createDirectory(
        atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try AtomicFile.write(bytes, to: file, draft: .unique)
    } catch {
      throw StoreError(.inaccessible, "\(file) cannot be written, perhaps the disk is full")
    }
  }
}
