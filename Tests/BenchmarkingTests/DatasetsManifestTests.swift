import DatasetManifests
import Foundation
import Testing

@testable import Datasets

@Suite("Dataset manifests")
struct DatasetsManifestTests {
  @Test("every file in Datasets/manifests is in the table, and the other way round")
  func tableIsComplete() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Datasets/manifests").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files) == Set(DatasetManifests.names.map { "\($0).json" }))
    for name in DatasetManifests.names {
      let written = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
      #expect(DatasetManifests.load(name) == written, "\(name)")
    }
    #expect(DatasetManifests.load("kodak2") == nil)
  }

  @Test("every shipped manifest is valid")
  func shippedManifests() {
    #expect(DatasetCatalog.shipped.manifests.map(\.name) == DatasetManifests.names)
  }

  @Test("Kodak has 18 landscape and 6 portrait images, and Li's crop shares them")
  func kodak() throws {
    let kodak = try #require(DatasetCatalog.shipped["kodak"])
    #expect(kodak.files.map(\.path) == (1...24).map { "kodim\($0 < 10 ? "0" : "")\($0).png" })
    #expect(kodak.files.count { $0.width == 768 && $0.height == 512 } == 18)
    #expect(kodak.files.count { $0.width == 512 && $0.height == 768 } == 6)
    let cropped = try #require(DatasetCatalog.shipped["kodak-li2017"])
    #expect(cropped.files == kodak.files)
    #expect(cropped.cropBorder == 8)
    #expect(cropped.digest != kodak.digest)
  }

  @Test("the twelve CLIC images are not the whole set, which needs the archive")
  func clic() throws {
    let twelve = try #require(DatasetCatalog.shipped["clic2020-professional-valid-12"])
    let all = try #require(DatasetCatalog.shipped["clic2020-professional-valid"])
    #expect(!twelve.hasUnlistedFiles && twelve.imageCount == 12)
    #expect(all.hasUnlistedFiles && all.imageCount == 41)
    #expect(all.files == twelve.files && all.archive == twelve.archive)
  }

  private static let valid = """
    {"schema": 1, "name": "a", "title": "A", "description": "d", "licence": "l", "source": "s",
     "folder": "a", "image_count": 1, "files": [{"path": "b.png", "url": "https://x.org/b.png",
     "size": 3, "sha256": "\(String(repeating: "0", count: 64))", "width": 1, "height": 1,
     "pixels_sha256": "\(String(repeating: "f", count: 64))"}]}
    """

  private static func read(_ text: String) throws(DatasetError) -> DatasetManifest {
    try DatasetManifest(data: Data(text.utf8), fileName: "a.json") { _ in nil }
  }

  @Test("a valid manifest is read")
  func readsValidManifest() throws {
    let manifest = try Self.read(Self.valid)
    #expect(manifest.files.map(\.path) == ["b.png"])
    #expect(manifest.cropBorder == 0 && manifest.archive == nil && manifest.generator == nil)
  }

  @Test(
    "an invalid manifest is refused, and the error names the file and the place",
    arguments: [
      (#""schema": 1"#, #""schema": 2"#, "schema is 2, this program reads 1"),
      (#""schema": 1"#, #""schema": 1, "licens": "x""#, "there is no key licens"),
      (#""size": 3,"#, #""size": 3, "md5": "x","#, "files[0]: there is no key md5"),
      (#""width": 1,"#, "", "files[0]: width is missing"),
      (#""title": "A","#, "", "title is missing"),
      (#""size": 3"#, #""size": "3""#, "files[0].size: a value of type Int is needed"),
      (#""path": "b.png""#, #""path": "../b.png""#, "../b.png: the path leads out of the folder"),
      (#""path": "b.png""#, #""path": "/b.png""#, "/b.png: the path leads out of the folder"),
      ("https://x.org", "http://x.org", "b.png: the URL is not an https address"),
      ("000\"", "00\"", "b.png: sha256 is missing or not 64 hexadecimal digits"),
      ("fff\"", "ffF\"", "b.png: pixels_sha256 is not 64 hexadecimal digits"),
      (#""image_count": 1"#, #""image_count": 0"#, "image_count is smaller than the number"),
      (#""image_count": 1"#, #""image_count": 2"#, "image_count needs an archive to come from"),
      (#""folder": "a""#, #""folder": "a", "crop_border": 1"#, "b.png: crop_border leaves nothing"),
      (#""folder": "a""#, #""folder": "..""#, "folder .. is not a plain name"),
      (#""folder": "a""#, #""folder": "a", "files_of": "k""#, "needs either files or files_of"),
      ("}]}", "}]", "The given data was not valid JSON"),
    ])
  func refusesInvalidManifest(original: String, replacement: String, problem: String) {
    let text = Self.valid.replacingOccurrences(of: original, with: replacement)
    let error = #expect(throws: DatasetError.self) { try Self.read(text) }
    #expect(error?.kind == .invalidManifest)
    #expect(error?.message.hasPrefix("the dataset manifest a.json is not valid: ") == true)
    #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
  }
}
