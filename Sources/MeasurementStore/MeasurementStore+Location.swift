import Files
import Foundation

extension MeasurementStore {
  /// Where a store is.
  public struct Location: Sendable, Equatable {
    /// The store's folder.
    public let path: String
    /// Whether the user named it; a store in the usual place may also be impossible.
    public let isChosen: Bool

    /// The option's folder, else that of `$RDBENCH_CACHE`, else `measurements` in the user's cache folder.
    public init(
      option: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
      let chosen = [option, environment["RDBENCH_CACHE"]].compactMap { $0 }.first { !$0.isEmpty }
      path = chosen ?? UserCache.folder("measurements", environment: environment)
      isChosen = chosen != nil
    }
  }
}
