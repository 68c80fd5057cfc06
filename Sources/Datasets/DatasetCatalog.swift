import DatasetManifests
import Foundation

/// The named datasets, in the order in which they are listed.
public struct DatasetCatalog: Sendable {
  /// The manifests, each with its own name.
  public let manifests: [DatasetManifest]

  /// Collects manifests.
  ///
  /// - Precondition: no two have the same name.
  public init(_ manifests: [DatasetManifest]) {
    precondition(
      Set(manifests.map(\.name)).count == manifests.count, "dataset names must differ")
    self.manifests = manifests
  }

  /// The datasets that come with rdbench.
  ///
  /// Their manifests are part of the build, so one that is not valid is a programmer's error.
  public static let shipped: DatasetCatalog = {
    do throws(DatasetError) {
      return try DatasetCatalog(
        DatasetManifests.names.map { (name) throws(DatasetError) in try shippedManifest(name) })
    } catch {
      preconditionFailure(error.message)
    }
  }()

  /// The manifest of a named dataset, or `nil`.
  public subscript(name: String) -> DatasetManifest? { manifests.first { $0.name == name } }

  private static func shippedManifest(_ name: String) throws(DatasetError) -> DatasetManifest {
    guard let data = DatasetManifests.load(name) else {
      throw DatasetError(.unknownDataset, "there is no dataset manifest \(name)")
    }
    let manifest = try DatasetManifest(data: data, fileName: "\(name).json") {
      (other) throws(DatasetError) in
      other != name && DatasetManifests.names.contains(other) ? try shippedManifest(other) : nil
    }
    guard manifest.name == name else {
      throw DatasetError(
        .invalidManifest,
        "the dataset manifest \(name).json is not valid: its name is \(manifest.name)")
    }
    return manifest
  }
}
