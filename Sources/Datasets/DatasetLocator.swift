import Files
import Foundation
import StrictJSON

/// Finds datasets: named ones below a few roots, folders where they are.
///
/// A named set is looked for in each root in turn and is fetched when none holds all of it. Its
/// files are checked against the manifest every time. A folder is taken as it is.
public struct DatasetLocator: Sendable {
  /// The folders below which named sets are looked for, in order.
  public let roots: [String]
  /// The folder below which fetched sets are stored; also looked in last.
  public let downloadRoot: String
  /// The named sets.
  public let catalog: DatasetCatalog
  /// How files are fetched, or `nil` to never use the network.
  let fetcher: DatasetFetcher?

  /// Makes a locator.
  ///
  /// - Parameters:
  ///   - roots: where to look, in order.
  ///   - downloadRoot: where fetched sets go; the user's cache folder by default.
  ///   - mayFetch: whether the network may be used.
  public init(
    roots: [String], downloadRoot: String = DatasetLocator.cacheRoot(), mayFetch: Bool = true
  ) {
    self.init(
      roots: roots, downloadRoot: downloadRoot, catalog: .shipped,
      fetcher: mayFetch ? DatasetFetcher() : nil)
  }

  /// Makes a locator of any catalogue.
  init(
    roots: [String], downloadRoot: String, catalog: DatasetCatalog, fetcher: DatasetFetcher?
  ) {
    self.roots = roots.contains(downloadRoot) ? roots : roots + [downloadRoot]
    self.downloadRoot = downloadRoot
    self.catalog = catalog
    self.fetcher = fetcher
  }

  /// The roots in the order that the command line promises: the option, then the environment
  /// variable `RDBENCH_DATASETS`; the cache folder comes last by itself.
  public static func roots(
    option: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    [option, environment["RDBENCH_DATASETS"]].compactMap { $0 }.filter { !$0.isEmpty }
  }

  /// The folder for fetched sets: `$XDG_CACHE_HOME/rdbench/datasets`, or the same below
  /// `~/Library/Caches` on macOS and `~/.cache` elsewhere.
  public static func cacheRoot(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    UserCache.folder("datasets", environment: environment)
  }

  /// Finds a dataset, fetches it when it has to, and checks it.
  ///
  /// A name of the catalogue means that set; to use a folder of the same name write `./kodak`.
  ///
  /// - Parameters:
  ///   - nameOrPath: a name of the catalogue, or the path of a folder with images.
  ///   - progress: called while bytes arrive, on any thread.
  /// - Throws: ``DatasetError`` that says what to do.
  public func dataset(
    _ nameOrPath: String, progress: DatasetProgress.Handler? = nil
  ) async throws(DatasetError) -> Dataset {
    if let manifest = catalog[nameOrPath] { return try await dataset(manifest, progress) }
    return try Self.folder(try folderPath(nameOrPath))
  }

  private func dataset(
    _ manifest: DatasetManifest, _ progress: DatasetProgress.Handler?
  ) async throws(DatasetError) -> Dataset {
    if let synthetic = try Self.synthetic(manifest) { return synthetic }
    if let found = try verify(manifest) {
      if let dataset = try Self.dataset(manifest, found) { return dataset }
    }
    let verification = try await fetch(manifest, progress: progress)
    guard let dataset = try Self.dataset(manifest, verification) else {
      throw DatasetError(
        .missingFiles,
        "\(manifest.name) still misses \(verification.missingCount) of \(manifest.imageCount) "
          + "images after it was fetched; get them from \(manifest.source)")
    }
    return dataset
  }

  /// Checks that a path leads to a folder.
  func folderPath(_ path: String) throws(DatasetError) -> String {
    if ImageFolder.isFolder(path) { return path }
    if FileManager.default.fileExists(atPath: path) {
      throw DatasetError(
        .unknownDataset, "\(path) is a file; give the folder that holds the images")
    }
    throw unknown("dataset or folder \(path)", near: path)
  }

  func unknown(_ what: String, near name: String) -> DatasetError {
    let names = catalog.manifests.map(\.name)
    let hint = didYouMean(name, in: names)
    return DatasetError(
      .unknownDataset,
      "there is no \(what), the datasets are \(names.joined(separator: ", "))\(hint)")
  }

  private static func folder(_ path: String) throws(DatasetError) -> Dataset {
    let images = try ImageFolder.images(in: path)
    guard !images.isEmpty else { throw DatasetError.emptyFolder(path) }
    return Dataset(
      name: name(ofFolder: path),
      images: images.map { image in
        DatasetImage(path: image, source: .file(path: "\(path)/\(image)", cropBorder: 0))
      }, digestOfManifest: nil)
  }

  /// The last component of a path, also for `.` and `images/..`.
  static func name(ofFolder path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
  }

  static func synthetic(_ manifest: DatasetManifest) throws(DatasetError) -> Dataset? {
    guard let generator = manifest.generator else { return nil }
    var images: [DatasetImage] = []
    for file in manifest.files {
      guard let image = SyntheticImage(named: file.path, seed: generator.seed) else {
        throw DatasetError(
          .invalidManifest,
          "the dataset manifest \(manifest.name).json is not valid: "
            + "rdbench draws no image \(file.path)")
      }
      images.append(
        DatasetImage(
          path: file.path, source: .synthetic(image, pixelsSHA256: file.pixelsSHA256)))
    }
    return Dataset(
      name: manifest.name, images: images,
      digestOfManifest: manifest.digest)
  }

  /// The images of a verified folder, or `nil` when some are missing.
  ///
  /// - Throws: ``DatasetError`` of kind `wrongDigest` when a file is not what it should be.
  private static func dataset(
    _ manifest: DatasetManifest, _ verification: DatasetVerification
  ) throws(DatasetError) -> Dataset? {
    guard let folder = verification.folder else { return nil }
    let rejected = verification.files.filter { !$0.verdict.isAccepted && $0.verdict != .missing }
    if let file = rejected.first {
      throw DatasetError(
        .wrongDigest,
        "\(folder)/\(file.path) is not the image of \(manifest.name): its SHA-256 differs; "
          + "delete it and run rdbench datasets fetch \(manifest.name)")
    }
    if verification.surplusCount > 0 {
      throw DatasetError(
        .wrongDigest,
        "\(folder) holds \(verification.files.count) images where \(manifest.name) has "
          + "\(manifest.imageCount); delete those that do not belong there")
    }
    guard verification.missingCount == 0 else { return nil }
    return Dataset(
      name: manifest.name,
      images: verification.files.map { file in
        DatasetImage(
          path: file.path,
          source: .file(path: "\(folder)/\(file.path)", cropBorder: manifest.cropBorder))
      }, digestOfManifest: manifest.digest)
  }
}
