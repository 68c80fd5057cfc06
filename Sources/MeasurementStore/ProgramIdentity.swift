import Files
import Foundation

/// Which build of the program is running.
public enum ProgramIdentity {
  /// SHA-256 of the program's file, or `unknown` when it cannot be read.
  ///
  /// Reading it takes some hundredths of a second, once.
  public static let digest: String =
    executablePath.flatMap { try? SHA256Digest.file(at: $0) } ?? "unknown"

  /// Size and modification time of the program's file, which change with every build.
  package static let stamp: String = executablePath.map(FileStamp.text) ?? "unknown"

  private static let executablePath =
    Bundle.main.executableURL?.resolvingSymlinksInPath().path
}
