import Imaging

/// An image file that the command line names.
struct ImageArgument {
  private let path: String

  init(_ path: String) {
    self.path = path
  }

  /// Reads the image and says on standard error what is worth knowing of it.
  ///
  /// - Throws: `CommandFailure` that names the file.
  func read() throws(CommandFailure) -> Image {
    do throws(ImageError) {
      let decoded = try ImageFile.read(path: path)
      for warning in decoded.warnings { Console.note("\(path): \(warning)") }
      return decoded.image
    } catch {
      throw CommandFailure("\(path): \(error.message)")
    }
  }
}
