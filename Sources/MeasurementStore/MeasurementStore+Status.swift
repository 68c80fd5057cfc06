import Files
import Foundation
import GRDB

extension MeasurementStore {
  /// What a store holds.
  public struct Status: Sendable, Equatable {
    /// The measurements of one configured codec.
    public struct Group: Sendable, Equatable {
      /// The codec's id.
      public let codec: String
      /// Library and version.
      public let version: String
      /// Every parameter with its value.
      public let parameters: String
      /// How many measurements there are.
      public let measurements: Int
      /// How many images they are of.
      public let images: Int
      /// The size of their bitstreams in bytes; one that two measurements share counts twice.
      public let bytes: Int
      /// When one of them was last used, in days since 1 January 1970.
      public let lastUse: Int
    }

    /// The store's folder.
    public let path: String
    /// Its measurements by configured codec, sorted by id, version and parameters.
    public let groups: [Group]
    /// The number of bitstream files.
    public let bitstreamFiles: Int
    /// Their size in bytes.
    public let bitstreamBytes: Int
    /// The size of the index in bytes.
    public let indexBytes: Int

    /// The number of measurements.
    public var measurements: Int { groups.reduce(0) { $0 + $1.measurements } }
  }

  /// Counts what is there.
  ///
  /// - Throws: ``StoreError`` when the index cannot be read.
  public func status() throws(StoreError) -> Status {
    let groups = try mapping {
      try index.read { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT codec, version, parameters, count(*) AS measurements,
              count(DISTINCT image_sha256) AS images, sum(kept_bytes) AS bytes,
              max(last_use) AS last_use
            FROM measurement JOIN configuration ON configuration.id = measurement.configuration
            GROUP BY codec, version, parameters ORDER BY codec, version, parameters
            """
        ).map { row in
          Status.Group(
            codec: row["codec"], version: row["version"], parameters: row["parameters"],
            measurements: row["measurements"], images: row["images"], bytes: row["bytes"],
            lastUse: row["last_use"])
        }
      }
    }
    var (files, bytes) = (0, 0)
    for folder in try bitstreams.folders() {
      for file in try bitstreams.files(in: folder) {
        files += 1
        bytes += file.size
      }
    }
    let indexBytes = ["index.sqlite", "index.sqlite-wal"].reduce(0) { sum, name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
      return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
    return Status(
      path: path, groups: groups, bitstreamFiles: files, bitstreamBytes: bytes,
      indexBytes: indexBytes)
  }
}

extension BitstreamFolder {
  /// A file as it lies there.
  struct File {
    /// The path.
    let path: String
    /// The last component: a digest, or something else for what a killed process left behind.
    let name: String
    /// The size in bytes.
    let size: Int
  }

  /// The folders of the first level, sorted.
  ///
  /// - Throws: ``StoreError`` of kind `inaccessible` for a folder that cannot be listed; a store that
  ///   has kept nothing has none.
  func folders() throws(StoreError) -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw StoreError(.inaccessible, "\(path) cannot be listed; see who may read it")
    }
  }

  /// The files below a folder of the first level.
  ///
  /// - Throws: ``StoreError`` of kind `inaccessible` for a folder that cannot be listed; one that has
  ///   gone in the meantime is empty.
  func files(in folder: String) throws(StoreError) -> [File] {
    let names: [String]
    do {
      names = try FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(folder)")
    } catch {
      guard FileManager.default.fileExists(atPath: "\(path)/\(folder)") else { return [] }
      throw StoreError(.inaccessible, "\(path)/\(folder) cannot be listed; see who may read it")
    }
    return names.compactMap { name in
      let file = "\(path)/\(folder)/\(name)"
      return PlainFile.size(at: file).map { size in
        File(path: file, name: (name as NSString).lastPathComponent, size: size)
      }
    }
  }
}
