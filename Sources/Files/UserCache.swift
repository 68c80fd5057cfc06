import Foundation

/// The user's folder for what can be had again.
public enum UserCache {
  /// A folder of rdbench's own: `$XDG_CACHE_HOME/rdbench/NAME`, or the same below `~/Library/Caches` on
  /// macOS and `~/.cache` elsewhere.
  public static func folder(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
      return "\(folder)/rdbench/\(name)"
    }
    let home = environment["HOME"] ?? NSHomeDirectory()
    #if os(macOS)
      return "\(home)/Library/Caches/rdbench/\(name)"
    #else
      return "\(home)/.cache/rdbench/\(name)"
    #endif
  }
}
