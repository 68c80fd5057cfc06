import Files
import Foundation

/// The lock that keeps clearing up from taking away what is just being stored.
///
/// Whoever stores holds it together with others, from the first byte of the bitstream's file until
/// the index knows the file; whoever clears up holds it alone. It lies on an empty file, ends with its
/// holder, and works between threads as well as between processes.
struct StoreLock: Sendable {
  /// The empty file.
  let path: String

  /// Does something while the lock is held, after waiting for it.
  ///
  /// - Throws: what `body` throws; ``StoreError`` of kind `inaccessible` when the file cannot be made.
  func hold<Result>(
    _ mode: FileLock.Mode, while body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let file: FileLock
    do throws(FileError) {
      file = try FileLock(path: path)
    } catch {
      throw StoreError(.inaccessible, "\(path) cannot be written")
    }
    do throws(FileError) {
      try file.wait(mode)
    } catch {
      throw StoreError(.inaccessible, "\(path) cannot be locked; is it on a network drive?")
    }
    return try withExtendedLifetime(file) { (_) throws(StoreError) in try body() }
  }
}
