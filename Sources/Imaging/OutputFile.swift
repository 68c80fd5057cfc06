import Files
import Foundation

/// A file that a command writes where the user said.
public enum OutputFile {
  /// Writes bytes so that a regular file appears under its name only when it is complete.
  ///
  /// A symbolic link is followed, and what is not a regular file, such as a device, is written to
  /// rather than replaced.
  ///
  /// - Throws: ``ImageError`` of kind `inaccessibleFile`.
  public static func write(_ bytes: [UInt8], path: String) throws(ImageError) {
    let url = URL(filePath: path).resolvingSymlinksInPath()
    let type =
      try? FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType
    do {
      if type == nil || type == .typeRegular {
        try AtomicFile.write(bytes, to: url.path, draft: .unique, isDurable: false)
      } else {
        let handle = try FileHandle(forWritingTo: url)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
      }
    } catch let error as FileError {
      throw ImageError(.inaccessibleFile, "it cannot be written: \(error.reason)")
    } catch {
      throw ImageError(.inaccessibleFile, "it cannot be written: \(ImageFile.reason(error))")
    }
  }
}
