import Foundation

/// Files that are there complete or not at all, whenever the program is killed.
package enum AtomicFile {
  /// Where the bytes lie until all of them are there.
  package enum Draft: Sendable {
    /// In a file of the same name with `.new` behind it, whose remains, should the program be killed,
    /// the next call writes over. So two processes must not write the same file at a time.
    case sameName
    /// In a file of a name that no other call uses; a killed program leaves it behind.
    case unique
  }

  /// Writes bytes in the place of a file.
  ///
  /// - Parameters:
  ///   - data: the bytes.
  ///   - path: the file. One that is there hands its permissions on to the new one.
  ///   - draft: where the bytes lie until all of them are there.
  ///   - isDurable: whether the file outlasts a loss of power, which takes some milliseconds.
  /// - Throws: ``FileError`` when the disk is full or the folder cannot be written; nothing is left of
  ///   the attempt.
  package static func write(
    _ data: some DataProtocol, to path: String, draft: Draft = .sameName, isDurable: Bool = true
  ) throws(FileError) {
    _ = try replace(path, draft: draft, isDurable: isDurable) { handle in
      try handle.write(contentsOf: data)
    }
  }

  /// Writes a file in the place of another.
  ///
  /// - Parameters:
  ///   - path: the file. One that is there hands its permissions on to the new one.
  ///   - draft: where the bytes lie until all of them are there.
  ///   - isDurable: whether the file outlasts a loss of power, which takes some milliseconds.
  ///   - fill: writes the file, which is empty.
  /// - Returns: the new file, still open for reading and writing.
  /// - Throws: ``FileError`` when the disk is full or the folder cannot be written, and for whatever
  ///   `fill` throws; nothing is left of the attempt.
  package static func replace(
    _ path: String, draft: Draft = .sameName, isDurable: Bool = true,
    fill: (FileHandle) throws -> Void
  ) throws(FileError) -> FileHandle {
    let new: String
    let mode: Int32
    switch draft {
    case .sameName: (new, mode) = ("\(path).new", O_TRUNC)
    case .unique: (new, mode) = ("\(path).\(UUID().uuidString)", O_EXCL)
    }
    let descriptor = unsafe open(new, O_RDWR | O_CREAT | mode | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError() }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      if let permissions = permissions(of: path) { fchmod(descriptor, permissions) }
      try fill(handle)
      if isDurable { try handle.synchronize() }
      try rename(new, to: path)
    } catch {
      unsafe unlink(new)
      throw FileError(error)
    }
    return handle
  }

  /// Gives a file another name, in the place of the file that has it.
  ///
  /// FileManager's own move does not replace a file.
  ///
  /// - Throws: ``FileError``; then both files are as they were.
  package static func rename(_ path: String, to target: String) throws(FileError) {
    guard unsafe Foundation.rename(path, target) == 0 else { throw FileError() }
  }

  private static func permissions(of path: String) -> mode_t? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }
}
