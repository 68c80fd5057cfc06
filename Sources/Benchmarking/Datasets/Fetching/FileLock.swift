import Foundation

/// An exclusive lock that processes respect among themselves and that ends with its holder.
///
/// The lock lies on an empty file that is never removed, because removing it would let two
/// processes lock two files of the same name.
enum FileLock {
  /// Does something while nobody else holds the lock, after waiting for that.
  ///
  /// - Throws: what `body` throws; ``DatasetError`` of kind `inaccessibleFile` when the file cannot
  ///   be made, or `network` when the task is cancelled while it waits.
  static func hold(
    path: String, while body: () async throws(DatasetError) -> Void
  ) async throws(DatasetError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw DatasetError(
        .inaccessibleFile, "\(path) cannot be written; give a folder with --dataset-root")
    }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        throw DatasetError(.network, "the download was cancelled; run it again to go on")
      }
    }
    try await body()
  }
}
