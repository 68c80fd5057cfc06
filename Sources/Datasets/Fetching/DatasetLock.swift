import Files
import Foundation

/// The lock that keeps several processes from writing the files of one dataset at a time.
enum DatasetLock {
  /// Does something while nobody else holds the lock, after waiting for that.
  ///
  /// - Throws: what `body` throws; ``DatasetError`` of kind `inaccessibleFile` when the lock's file
  ///   cannot be made, or `network` when the task is cancelled while it waits.
  static func hold(
    path: String, while body: () async throws(DatasetError) -> Void
  ) async throws(DatasetError) {
    let lock: FileLock
    do throws(FileError) {
      lock = try FileLock(path: path)
    } catch {
      throw DatasetError(
        .inaccessibleFile, "\(path) cannot be written; give a folder with --dataset-root")
    }
    while !lock.attempt(.exclusive) {
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        throw DatasetError(.network, "the download was cancelled; run it again to go on")
      }
    }
    try await body()
    _ = consume lock
  }
}
