import Foundation

/// A lock that processes and threads respect among themselves and that ends with its holder.
///
/// The lock lies on an empty file that is never removed, because removing it would let two holders
/// lock two files of the same name.
package struct FileLock: ~Copyable {
  /// Who may hold the lock at the same time.
  package enum Mode: Sendable {
    /// Others that ask for the same.
    case shared
    /// Nobody.
    case exclusive

    fileprivate var operation: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
  }

  private let descriptor: Int32

  /// Opens the file, without locking it.
  ///
  /// - Throws: ``FileError`` when the file cannot be made.
  package init(path: String) throws(FileError) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError() }
  }

  deinit { close(descriptor) }

  /// Takes the lock, after waiting for it.
  ///
  /// - Throws: ``FileError`` where files cannot be locked, as on some network drives.
  package func wait(_ mode: Mode) throws(FileError) {
    while flock(descriptor, mode.operation) != 0 {
      guard errno == EINTR else { throw FileError() }
    }
  }

  /// Takes the lock if it is free.
  ///
  /// - Returns: whether it is held now.
  package func attempt(_ mode: Mode) -> Bool {
    flock(descriptor, mode.operation | LOCK_NB) == 0
  }
}

extension FileHandle {
  /// Locks the open file for its holder alone, if it is free.
  ///
  /// - Returns: whether it is locked now; the lock ends when the file is closed.
  package func lock() -> Bool {
    flock(fileDescriptor, LOCK_EX | LOCK_NB) == 0
  }
}
