import Files
import Foundation

extension DatasetManifest {
  /// The first thing in the manifest that makes no sense, if any.
  var firstProblem: String? {
    if !Self.isFileName(name) { return "name \(name) is not a plain name" }
    if !Self.isFileName(folder) { return "folder \(folder) is not a plain name" }
    if cropBorder < 0 { return "crop_border is negative" }
    if let digest = concatenatedSHA1, !Self.isHexadecimal(digest, count: 40) {
      return "concatenated_sha1 is not 40 hexadecimal digits"
    }
    if let problem = archive.flatMap(Self.problem) { return problem }
    if let problem = filesProblem { return problem }
    return files.lazy.compactMap { Self.problem($0, of: self) }.first
  }

  private var filesProblem: String? {
    if files.isEmpty { return "it lists no files" }
    if Set(files.map(\.path)).count != files.count { return "two files have the same path" }
    if imageCount < files.count { return "image_count is smaller than the number of files" }
    if hasUnlistedFiles && archive == nil { return "image_count needs an archive to come from" }
    return nil
  }

  private static func problem(_ archive: Archive) -> String? {
    if !isSecure(archive.url) { return "archive: the URL is not an https address" }
    if archive.size < 1 { return "archive: size is not positive" }
    if !isHexadecimal(archive.sha256, count: 64) {
      return "archive: sha256 is not 64 hexadecimal digits"
    }
    return RelativePath.isSafe(archive.folder) ? nil : "archive: folder leads out of the archive"
  }

  private static func problem(_ file: File, of manifest: DatasetManifest) -> String? {
    func problem(_ text: String) -> String { "\(file.path): \(text)" }
    if !RelativePath.isSafe(file.path) { return problem("the path leads out of the folder") }
    if file.width < 1 || file.height < 1 { return problem("the size is not positive") }
    if min(file.width, file.height) <= 2 * manifest.cropBorder {
      return problem("crop_border leaves nothing")
    }
    if !isHexadecimal(file.pixelsSHA256, count: 64) {
      return problem("pixels_sha256 is not 64 hexadecimal digits")
    }
    if manifest.generator != nil {
      let isBare = file.url == nil && file.size == nil && file.sha256 == nil
      return isBare ? nil : problem("a generated image has no url, size or sha256")
    }
    guard let size = file.size, size > 0 else { return problem("size is missing or not positive") }
    guard let digest = file.sha256, isHexadecimal(digest, count: 64) else {
      return problem("sha256 is missing or not 64 hexadecimal digits")
    }
    if let url = file.url {
      return isSecure(url) ? nil : problem("the URL is not an https address")
    }
    return manifest.archive != nil ? nil : problem("neither a url nor an archive offers it")
  }

  /// Whether a URL is encrypted, or never leaves this machine.
  static func isSecure(_ url: URL) -> Bool {
    switch url.scheme?.lowercased() {
    case "https": url.host?.isEmpty == false
    case "http": url.host == "127.0.0.1"
    default: false
    }
  }

  private static func isFileName(_ text: String) -> Bool {
    !text.hasPrefix(".") && !text.contains("/") && RelativePath.isSafe(text)
  }

  private static func isHexadecimal(_ text: String, count: Int) -> Bool {
    text.utf8.count == count && bytes(ofHexadecimal: text) != nil
  }
}

/// Paths that come from a manifest or an archive and must stay below a folder.
enum RelativePath {
  /// Whether a path is relative, has no empty, `.` or `..` component, and means the same everywhere.
  static func isSafe(_ path: String) -> Bool {
    let components = path.split(separator: "/", omittingEmptySubsequences: false)
    return components.allSatisfy { component in
      !component.isEmpty && component != "." && component != ".."
        && !component.utf8.contains { $0 < 0x20 || $0 == 0x7F || "\\:".utf8.contains($0) }
    }
  }
}
