import Foundation

/// How this program was built.
public struct BuildInformation: Codable, Sendable, Equatable {
  /// The version of rdbench.
  public static let rdbenchVersion = "0.1.0"

  /// The git commit of the sources, or `null` when the program was built without the scripts.
  public var commit: String?
  /// Whether the sources differed from the commit.
  public var dirty: Bool?
  /// The Swift compiler's version.
  public var swift: String?
  /// `release` or `debug`.
  public var configuration: String?

  /// Reads the file `rdbench-build.json` that the scripts write beside the program.
  public static let current: BuildInformation = {
    var information = BuildInformation()
    let file = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("rdbench-build.json")
    if let file, let data = try? Data(contentsOf: file),
      let read = try? JSONDecoder().decode(BuildInformation.self, from: data)
    {
      information = read
    }
    #if DEBUG
      information.configuration = "debug"
    #else
      information.configuration = "release"
    #endif
    return information
  }()
}
