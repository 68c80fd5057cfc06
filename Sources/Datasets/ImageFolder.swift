import Foundation

/// Finds the images in a folder.
enum ImageFolder {
  /// The extensions that make a file an image, in lower case.
  static let extensions: Set<String> = ["png", "ppm", "pgm", "pnm"]

  /// The paths of the images below a folder, sorted by their bytes.
  ///
  /// Names that begin with a dot are left out, as are folders that a symbolic link makes part of
  /// themselves.
  ///
  /// - Throws: ``DatasetError`` of kind `inaccessibleFile` when a folder cannot be listed.
  static func images(in folder: String) throws(DatasetError) -> [String] {
    var found: [String] = []
    try collect(folder, prefix: "", ancestors: [], into: &found)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func collect(
    _ folder: String, prefix: String, ancestors: Set<String>, into found: inout [String]
  ) throws(DatasetError) {
    let resolved = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    if ancestors.contains(resolved) { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw DatasetError(
        .inaccessibleFile, "the folder \(folder) cannot be listed; check that it may be read")
    }
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      if isFolder(path) {
        try collect(
          path, prefix: "\(prefix)\(name)/", ancestors: ancestors.union([resolved]), into: &found)
      } else if extensions.contains((name as NSString).pathExtension.lowercased()) {
        found.append(prefix + name)
      }
    }
  }

  /// Whether a path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
