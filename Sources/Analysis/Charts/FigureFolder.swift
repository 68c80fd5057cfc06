import Foundation

/// The folder that figures are written to, made when it is not there.
public struct FigureFolder: Sendable {
  private let path: String

  /// Names a folder; `.` is the working folder.
  public init(path: String) {
    self.path = path
  }

  /// Writes a file, complete or not at all.
  ///
  /// - Returns: its path as the user would write it.
  /// - Throws: ``AnalysisError`` that names the file.
  public func write(_ data: Data, to name: String) throws(AnalysisError) -> String {
    let folder = URL(fileURLWithPath: path)
    let file = path == "." ? name : "\(path.hasSuffix("/") ? path : path + "/")\(name)"
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: folder.appendingPathComponent(name), options: .atomic)
    } catch {
      throw AnalysisError("\(file) cannot be written; choose another folder with --output")
    }
    return file
  }
}
