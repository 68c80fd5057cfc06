import Foundation

/// An empty folder that goes away with the value.
package final class TemporaryFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// Makes a folder that no other test uses.
  package init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("rdbench-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder, which need not be there.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, with the folders that it needs.
  package func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// The bytes of a file, `nil` when it is not there.
  package func bytes(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) }
  }

  /// The text of a file, `nil` when it is not there.
  package func text(_ name: String) -> String? {
    bytes(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether there is a file or folder of this name.
  package func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: file(name))
  }

  /// The paths of all files below, relative to the folder and sorted.
  package func contents() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
      var isFolder: ObjCBool = false
      _ = unsafe FileManager.default.fileExists(atPath: file(name), isDirectory: &isFolder)
      return !isFolder.boolValue
    }.sorted()
  }
}
