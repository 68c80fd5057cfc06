import Foundation

/// Files that are neither folders nor links nor devices.
package enum PlainFile {
  /// The size of a plain file in bytes, or `nil` where there is none (a link is not one).
  package static func size(at path: String) -> Int? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}
