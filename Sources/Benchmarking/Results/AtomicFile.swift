import Foundation

/// Files that are there complete or not at all, whenever the program is killed.
enum AtomicFile {
  /// Writes bytes in the place of a file.
  ///
  /// They go to a file of the same name with `.new` behind it, whose remains, should the program be
  /// killed, the next call writes over. So two processes must not write the same file at a time.
  ///
  /// - Throws: the system's error when the disk is full or the folder cannot be written.
  static func write(_ data: Data, to url: URL) throws {
    let new = url.appendingPathExtension("new")
    let descriptor = open(new.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: data)
    try handle.synchronize()
    // Replaces atomically, which FileManager's own move does not.
    guard rename(new.path, url.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
