import Foundation

/// Which build of the program is running.
public enum ProgramIdentity {
  /// SHA-256 of the program's file, or `unknown` when it cannot be read.
  ///
  /// Reading it takes some hundredths of a second, once.
  public static let digest: String =
    executablePath.flatMap { try? SHA256Digest.file(at: $0) } ?? "unknown"

  /// Size and modification time of the program's file, which change with every build.
  static let stamp: String = executablePath.map(FileStamp.text) ?? "unknown"

  private static let executablePath =
    Bundle.main.executableURL?.resolvingSymlinksInPath().path
}

/// Size and modification time of a file: enough to tell that nobody wrote to it since.
enum FileStamp {
  /// The stamp as text, `missing` when there is no such file.
  static func text(of path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "missing" }
    #if os(Linux)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return "\(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
  }
}
