import Files
import Foundation

/// A folder for the files of one call, removed with everything in it when the value goes away.
final class ScratchFolder: Sendable {
  /// The path, without symbolic links and without a slash at the end.
  let path: String

  /// Makes an empty folder that only this user can enter.
  ///
  /// - Throws: Foundation's error where nothing can be written.
  init() throws {
    let url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "rdbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file.
  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
  }

  /// Reads a plain file, or gives `nil` where there is none (a link is not one).
  func bytes(of name: String) -> [UInt8]? {
    guard size(of: name) != nil else { return nil }
    return FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) }
  }

  /// The text of a file, with what is not UTF-8 replaced; empty where there is none.
  func text(of name: String) -> String {
    String(decoding: bytes(of: name) ?? [], as: UTF8.self)
  }

  /// The size of a plain file, or `nil` where there is none.
  func size(of name: String) -> Int? { PlainFile.size(at: file(name)) }
}
