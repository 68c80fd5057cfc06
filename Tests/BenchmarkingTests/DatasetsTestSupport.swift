import Foundation

@testable import Datasets

/// An empty folder that disappears with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("rdbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders that it needs.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// The paths of all files below, sorted.
  func contents() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path)
      .filter { !ImageFolder.isFolder("\(path)/\($0)") }.sorted()
  }
}

/// The bytes of a small grey PNM.
func pnm(width: Int = 2, height: Int = 2, value: UInt8 = 7) -> [UInt8] {
  Array("P5\n\(width) \(height)\n255\n".utf8) + [UInt8](repeating: value, count: width * height)
}

/// The folder with the real datasets, when the environment names one.
let realDatasets = ProcessInfo.processInfo.environment["RDBENCH_DATASETS"]
