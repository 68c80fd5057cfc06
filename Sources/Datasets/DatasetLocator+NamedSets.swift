/// What the `datasets` command does with named sets: look up, fetch, verify.
extension DatasetLocator {
  /// Looks a named set up.
  ///
  /// - Throws: ``DatasetError`` of kind `unknownDataset` that suggests the nearest name.
  public func manifest(named name: String) throws(DatasetError) -> DatasetManifest {
    guard let manifest = catalog[name] else {
      throw unknown("dataset \(name)", near: name)
    }
    return manifest
  }

  /// Where a named set is found and how many of its images are there, without reading them: the
  /// first root that holds all of it, else the one that holds most, or `nil` for none.
  ///
  /// - Throws: ``DatasetError`` of kind `inaccessibleFile` when a folder cannot be listed.
  public func location(
    of manifest: DatasetManifest
  ) throws(DatasetError) -> (folder: String, imageCount: Int)? {
    var best: (folder: String, imageCount: Int)?
    for root in roots {
      let folder = "\(root)/\(manifest.folder)"
      guard manifest.generator == nil, ImageFolder.isFolder(folder) else { continue }
      let present = try ImageFolder.images(in: folder)
      let count =
        manifest.hasUnlistedFiles
        ? min(present.count(where: DatasetManifest.mayBeUnlisted), manifest.imageCount)
        : Set(present).intersection(manifest.files.map(\.path)).count
      if count == manifest.imageCount { return (folder, count) }
      if count > best?.imageCount ?? 0 { best = (folder, count) }
    }
    return best
  }

  /// Fetches what the download folder misses of a named set.
  ///
  /// - Returns: what the folder then holds.
  /// - Throws: ``DatasetError`` of kind `network`, `archive` or `wrongDigest`, with nothing
  ///   unchecked left behind under a final name.
  public func fetch(
    _ manifest: DatasetManifest, progress: DatasetProgress.Handler? = nil
  ) async throws(DatasetError) -> DatasetVerification {
    guard let fetcher else { throw notFound(manifest) }
    let folder = "\(downloadRoot)/\(manifest.folder)"
    try await fetcher.fetch(manifest, into: folder, progress: progress)
    return try DatasetVerification.verify(manifest, in: folder)
  }

  /// Checks the files of a named set where it is found: in the first root that holds all of it,
  /// else in the root that misses least.
  ///
  /// - Returns: `nil` when no root has a folder for it.
  /// - Throws: ``DatasetError`` of kind `inaccessibleFile` for a file that cannot be read.
  public func verify(_ manifest: DatasetManifest) throws(DatasetError) -> DatasetVerification? {
    if let synthetic = try Self.synthetic(manifest) { return .verify(drawn: synthetic) }
    var best: DatasetVerification?
    for root in roots {
      let folder = "\(root)/\(manifest.folder)"
      guard ImageFolder.isFolder(folder) else { continue }
      let verification = try DatasetVerification.verify(manifest, in: folder)
      if verification.missingCount == 0 { return verification }
      if verification.missingCount < best?.missingCount ?? .max { best = verification }
    }
    return best
  }

  /// Checks a named set, or a folder: that against the set that it is called after, or else that
  /// every image in it can be read.
  ///
  /// - Throws: ``DatasetError`` when there is no such set or folder, or no image in it.
  public func verify(nameOrPath: String) throws(DatasetError) -> DatasetVerification {
    if let manifest = catalog[nameOrPath] {
      guard let verification = try verify(manifest) else { throw notFound(manifest) }
      return verification
    }
    let folder = try folderPath(nameOrPath)
    guard let manifest = catalog[Self.name(ofFolder: folder)], manifest.generator == nil else {
      return try DatasetVerification.verify(folder: folder)
    }
    return try DatasetVerification.verify(manifest, in: folder)
  }

  private func notFound(_ manifest: DatasetManifest) -> DatasetError {
    DatasetError(
      .missingFiles,
      "\(manifest.name) is not complete in \(roots.joined(separator: ", ")); "
        + "fetch it with rdbench datasets fetch \(manifest.name)")
  }
}
