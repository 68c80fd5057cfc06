import Files
import Foundation

/// Fetches the files of named datasets into a folder.
struct DatasetFetcher: Sendable {
  /// How long to wait before the second and each further attempt at a file.
  var retryDelays: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8)]

  /// Fetches what the folder misses of a set, or holds with other contents.
  ///
  /// Several processes may do so at once: all but one wait and then find everything there.
  ///
  /// - Throws: ``DatasetError``; no file then has its final name without having its digest.
  func fetch(
    _ manifest: DatasetManifest, into folder: String, progress: DatasetProgress.Handler?
  ) async throws(DatasetError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError(
        .inaccessibleFile,
        "the folder \(folder) cannot be made; give another with --dataset-root")
    }
    try await DatasetLock.hold(path: "\(folder)/.lock") { () throws(DatasetError) in
      try await fetchFiles(manifest, into: folder, progress: progress)
      if let archive = manifest.archive {
        try await fetch(archive, of: manifest, into: folder, progress: progress)
      }
    }
  }

  /// Fetches those files that are offered one by one.
  private func fetchFiles(
    _ manifest: DatasetManifest, into folder: String, progress: DatasetProgress.Handler?
  ) async throws(DatasetError) {
    let wanted = Set(
      try DatasetVerification.verify(manifest, in: folder).files
        .filter { !$0.verdict.isAccepted }.map(\.path))
    for file in manifest.files where wanted.contains(file.path) {
      guard let url = file.url, let size = file.size, let sha256 = file.sha256 else { continue }
      try await FileDownload(
        url: url, path: "\(folder)/\(file.path)", size: size, sha256: sha256,
        retryDelays: retryDelays, progress: progress
      ).run()
    }
  }

  /// Fetches an archive and unpacks the images of its folder, unless they are all there.
  private func fetch(
    _ archive: DatasetManifest.Archive, of manifest: DatasetManifest, into folder: String,
    progress: DatasetProgress.Handler?
  ) async throws(DatasetError) {
    let verification = try DatasetVerification.verify(manifest, in: folder)
    if verification.isAccepted { return }
    let path = "\(folder)/\(archive.url.lastPathComponent)"
    try await FileDownload(
      url: archive.url, path: path, size: archive.size, sha256: archive.sha256,
      retryDelays: retryDelays, progress: progress
    ).run()
    try unpack(archive, at: path, of: manifest, into: folder)
    try? FileManager.default.removeItem(atPath: path)
  }

  private func unpack(
    _ archive: DatasetManifest.Archive, at path: String, of manifest: DatasetManifest,
    into folder: String
  ) throws(DatasetError) {
    let zip = try ZIPArchive(path: path)
    let prefix = "\(archive.folder)/"
    for member in zip.members where member.path.hasPrefix(prefix) {
      let name = String(member.path.dropFirst(prefix.count))
      guard DatasetManifest.mayBeUnlisted(name) else { continue }
      let (final, partial) = ("\(folder)/\(name)", "\(folder)/\(name).part")
      do throws(DatasetError) {
        try zip.extract(member, to: partial)
        try check(partial, against: manifest.files.first { $0.path == name })
      } catch {
        try? FileManager.default.removeItem(atPath: partial)
        throw error
      }
      do throws(FileError) {
        try AtomicFile.rename(partial, to: final)
      } catch {
        throw DatasetError(.inaccessibleFile, "\(final) cannot be written; check its folder")
      }
    }
  }

  private func check(_ path: String, against file: DatasetManifest.File?) throws(DatasetError) {
    guard let file else { return }
    guard (try? SHA256Digest.file(at: path)) == file.sha256 else {
      throw DatasetError(
        .wrongDigest,
        "\(file.path) in the archive is not the file that the manifest describes: "
          + "its SHA-256 differs; nothing was kept")
    }
  }
}
