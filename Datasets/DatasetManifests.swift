import Foundation

/// The manifests of the named datasets, as they are written in `Datasets/manifests`.
///
/// They are compiled into the binary, so that a copied executable needs no files beside it. A new
/// manifest is a JSON file, a line in `Package.swift` and a line in this table.
public enum DatasetManifests {
  private static let bytes: KeyValuePairs<String, [UInt8]> = [
    "synthetic": PackageResources.synthetic_json,
    "kodak": PackageResources.kodak_json,
    "kodak-li2017": PackageResources.kodak_li2017_json,
    "clic2020-professional-valid-12": PackageResources.clic2020_professional_valid_12_json,
    "clic2020-professional-valid": PackageResources.clic2020_professional_valid_json,
  ]

  /// The names of the datasets, in the order in which they are listed.
  public static var names: [String] { bytes.map(\.key) }

  /// The text of a manifest, UTF-8 JSON, or `nil` when no dataset has that name.
  public static func load(_ name: String) -> Data? {
    bytes.first { $0.key == name }.map { Data($0.value) }
  }
}
