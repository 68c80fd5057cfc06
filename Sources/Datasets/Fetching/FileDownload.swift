import Files
import Foundation

/// A file that is fetched, checked, and only then given its name.
///
/// Until then the bytes are in `NAME.part`, and the server's entity tag in `NAME.part.etag`: an
/// interrupted download goes on where it stopped. The caller holds a lock, so that nobody else
/// writes the same files.
struct FileDownload {
  /// Where the file is offered.
  let url: URL
  /// Where it goes.
  let path: String
  /// The number of bytes that it has.
  let size: Int
  /// The SHA-256 that it has.
  let sha256: String
  /// How long to wait before the second and each further attempt.
  let retryDelays: [Duration]
  /// Takes news.
  let progress: DatasetProgress.Handler?

  private var partialPath: String { "\(path).part" }
  private var entityTagPath: String { "\(path).part.etag" }
  private var name: String { (path as NSString).lastPathComponent }

  /// Fetches the file, unless it is there.
  ///
  /// - Throws: ``DatasetError`` of kind `network`, `wrongDigest` or `inaccessibleFile`; then there
  ///   is nothing new at `path`.
  func run() async throws(DatasetError) {
    if (try? SHA256Digest.file(at: path)) == sha256 { return }
    try makeFolder()
    let isResumed = partialSize > 0
    try await fetchRest()
    if try !hasRightDigest(), isResumed {
      // The old part may have been of another version of the file: once more from the start.
      discardPartial()
      try await fetchRest()
    }
    guard try hasRightDigest() else {
      discardPartial()
      throw DatasetError(
        .wrongDigest,
        "\(url.absoluteString) is not the file that the manifest describes: its SHA-256 differs; "
          + "nothing was kept")
    }
    do throws(FileError) {
      try AtomicFile.rename(partialPath, to: path)
    } catch {
      throw DatasetError(.inaccessibleFile, "\(path) cannot be written; check its folder")
    }
    try? FileManager.default.removeItem(atPath: entityTagPath)
  }

  private func makeFolder() throws(DatasetError) {
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError(
        .inaccessibleFile,
        "the folder \(folder) cannot be made; give another with --dataset-root")
    }
  }

  /// Makes attempts until the partial file has its full size.
  private func fetchRest() async throws(DatasetError) {
    var delays = retryDelays[...]
    if partialSize > size { discardPartial() }
    while partialSize < size {
      do {
        try await attempt()
        if partialSize < size {
          throw HTTPTransfer.Failure(
            remedy: .retry, message: "sends \(partialSize) bytes instead of \(size)")
        }
      } catch let failure as HTTPTransfer.Failure {
        if failure.remedy == .restart || partialSize == 0 { discardPartial() }
        guard failure.remedy != .giveUp, let delay = delays.popFirst(), !Task.isCancelled else {
          throw DatasetError(
            .network,
            "\(name) cannot be fetched: \(url.host ?? "the server") \(failure.message); "
              + "try again later, or put the file there yourself: \(path)")
        }
        try? await Task.sleep(for: delay)
      } catch {
        throw DatasetError(
          .inaccessibleFile, "\(partialPath) cannot be written; check the folder and its space")
      }
    }
  }

  private func attempt() async throws {
    let offset = partialSize
    if offset == 0 {
      guard FileManager.default.createFile(atPath: partialPath, contents: nil) else {
        throw CocoaError(.fileWriteNoPermission)
      }
    }
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: partialPath))
    defer { try? file.close() }
    try file.seekToEnd()
    let (name, size, progress) = (name, size, progress)
    let entityTagPath = entityTagPath
    try await HTTPTransfer.perform(
      .init(url: url, offset: offset, entityTag: entityTag, maximumSize: size), to: file,
      didStart: { entityTag in
        try? FileManager.default.removeItem(atPath: entityTagPath)
        if let entityTag {
          try? Data(entityTag.utf8).write(to: URL(fileURLWithPath: entityTagPath))
        }
      },
      didReceive: { completed in
        progress?(DatasetProgress(file: name, completedBytes: completed, totalBytes: size))
      })
  }

  private var partialSize: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: partialPath)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  private var entityTag: String? {
    FileManager.default.contents(atPath: entityTagPath).map { String(decoding: $0, as: UTF8.self) }
  }

  private func hasRightDigest() throws(DatasetError) -> Bool {
    do {
      return try SHA256Digest.file(at: partialPath) == sha256
    } catch {
      throw DatasetError.unreadableFile(partialPath)
    }
  }

  private func discardPartial() {
    for path in [partialPath, entityTagPath] { try? FileManager.default.removeItem(atPath: path) }
  }
}
