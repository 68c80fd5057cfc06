import Foundation

/// Size and modification time of a file: enough to tell that nobody wrote to it since.
package enum FileStamp {
  /// The stamp as text, `missing` when there is no such file.
  package static func text(of path: String) -> String {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return "missing" }
    #if os(Linux)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return "\(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
  }
}
