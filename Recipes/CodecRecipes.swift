import Foundation

/// The recipes that come with rdbench, as they are written in `Recipes`.
///
/// They are compiled into the binary, so that a copied executable needs no files beside it. A new
/// recipe is a JSON file, a word in `Package.swift` and a line in this table.
public enum CodecRecipes {
  /// The names and texts (UTF-8 JSON), in the order in which they are listed.
  public static var all: [(name: String, data: Data)] {
    bytes.map { ($0.key, Data($0.value)) }
  }

  private static let bytes: KeyValuePairs<String, [UInt8]> = [
    "recipe-cjpeg": PackageResources.recipe_cjpeg_json,
    "recipe-opj": PackageResources.recipe_opj_json,
    "recipe-cwebp": PackageResources.recipe_cwebp_json,
    "recipe-avifenc": PackageResources.recipe_avifenc_json,
    "recipe-cjxl": PackageResources.recipe_cjxl_json,
    "recipe-heif-enc": PackageResources.recipe_heif_enc_json,
  ]
}
