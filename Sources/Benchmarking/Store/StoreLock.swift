import Foundation

/// The lock that keeps clearing up from taking away what is just being stored.
///
/// Whoever stores holds it together with others, from the first byte of the bitstream's file until
/// the index knows the file; whoever clears up holds it alone. It lies on an empty file, ends with its
/// holder, and works between threads as well as between processes.
struct StoreLock: Sendable {
  /// Who may hold the lock at the same time.
  enum Mode: Sendable {
    /// Others that store.
    case shared
    /// Nobody.
    case exclusive
  }

  /// The empty file.
  let path: String

  /// Does something while the lock is held, after waiting for it.
  ///
  /// - Throws: what `body` throws; ``StoreError`` of kind `inaccessible` when the file cannot be made.
  func hold<Result>(
    _ mode: Mode, while body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(.inaccessible, "\(path) cannot be written")
    }
    defer { close(descriptor) }
    while flock(descriptor, mode == .shared ? LOCK_SH : LOCK_EX) != 0 {
      guard errno == EINTR else {
        throw StoreError(.inaccessible, "\(path) cannot be locked; is it on a network drive?")
      }
    }
    return try body()
  }
}
