import Foundation

/// Finds programs as a shell would: names on the `PATH`, paths from a folder.
enum ProgramFinder {
  /// The path of a program, or `nil` where there is none that can be executed.
  ///
  /// - Parameters:
  ///   - name: a bare name, or a path with a slash in it.
  ///   - folder: where relative paths begin.
  static func path(of name: String, from folder: String?) -> String? {
    guard !name.contains("/") else {
      let path = URL(
        filePath: name, relativeTo: folder.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ).path
      return isExecutable(path) ? path : nil
    }
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return folders.split(separator: ":").map { "\($0)/\(name)" }.first(where: isExecutable)
  }

  private static func isExecutable(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }
}
