import Foundation
import Imaging

/// A file that the command line names to be written.
struct OutputArgument {
  private let path: String
  private let input: String

  /// Names a file that is made from another one.
  init(_ path: String, input: String) {
    self.path = path
    self.input = input
  }

  /// Writes bytes.
  ///
  /// - Throws: `CommandFailure` that names the file, also when it is the input itself.
  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    try write { () throws(ImageError) in try OutputFile.write(bytes, path: path) }
  }

  /// Writes an image in the format that the extension names.
  ///
  /// - Throws: `CommandFailure` that names the file, also when it is the input itself.
  func write(_ image: Image) throws(CommandFailure) {
    try write { () throws(ImageError) in try ImageFile.write(image, path: path) }
  }

  private func write(_ body: () throws(ImageError) -> Void) throws(CommandFailure) {
    let files = [path, input].map { URL(filePath: $0).resolvingSymlinksInPath().path }
    guard files[0] != files[1] else {
      throw CommandFailure("\(path) is the input, which would be lost; choose another output")
    }
    do throws(ImageError) {
      try body()
    } catch {
      throw CommandFailure("\(path): \(error.message)")
    }
  }
}
