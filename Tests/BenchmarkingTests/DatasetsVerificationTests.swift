import TestSupport
import Foundation
import Imaging
import Testing

@testable import Datasets
@testable import Files

@Suite("Dataset verification")
struct DatasetsVerificationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A set of small grey images; each value is the grey of one.
  private func manifest(
    _ values: [UInt8], count: Int? = nil, cropBorder: Int = 0, sha1: String? = nil
  ) -> DatasetManifest {
    DatasetManifest(
      name: "set", title: "Set", description: "d", licence: "l", source: "s", folder: "set",
      imageCount: count ?? values.count, cropBorder: cropBorder, concatenatedSHA1: sha1,
      archive: nil, generator: nil,
      files: values.map { value in
        let bytes = pnm(width: 4, height: 3, value: value)
        return DatasetManifest.File(
          path: "\(value).png", url: nil, size: bytes.count,
          sha256: SHA256Digest.hexadecimal(of: bytes), width: 4, height: 3,
          pixelsSHA256: SHA256Digest.pixels(
            of: Image(
              width: 4, height: 3, colorModel: .gray,
              samples: [UInt8](repeating: value, count: 12))))
      })
  }

  private func locator(_ manifest: DatasetManifest, roots: [String] = []) -> DatasetLocator {
    DatasetLocator(
      roots: roots, downloadRoot: folder.path, catalog: DatasetCatalog([manifest]), fetcher: nil)
  }

  @Test("the pixel digest covers size and channels")
  func pixelDigest() {
    // sha256 of 00000002 00000001 00000001 07 08, computed with Python's hashlib.
    let image = Image(width: 2, height: 1, colorModel: .gray, samples: [7, 8])
    #expect(
      SHA256Digest.pixels(of: image)
        == "d77242466c406a317659fba699a644fcef1d1f6045fe7ae6eefc3b4401954474")
    let upright = Image(width: 1, height: 2, colorModel: .gray, samples: [7, 8])
    #expect(SHA256Digest.pixels(of: upright) != SHA256Digest.pixels(of: image))
  }

  @Test("each file gets its verdict")
  func verdicts() throws {
    try folder.write(pnm(width: 4, height: 3, value: 1), to: "set/1.png")
    // The same picture in other bytes.
    try folder.write(
      Array("P5 4 3 255 ".utf8) + [UInt8](repeating: 2, count: 12), to: "set/2.png")
    try folder.write(pnm(width: 4, height: 3, value: 9), to: "set/3.png")
    try folder.write(Array("text".utf8), to: "set/4.png")
    let manifest = manifest([1, 2, 3, 4, 5])
    let verification = try #require(try locator(manifest).verify(manifest))
    #expect(
      verification.files.map(\.verdict)
        == [.ok, .okByPixels, .wrongDigest, .wrongDigest, .missing])
    #expect(!verification.isAccepted && verification.missingCount == 1)
    #expect(verification.dataset == "set" && verification.folder == "\(folder.path)/set")
  }

  @Test("a file without a digest is unverified, never verified; an unreadable one is a finding")
  func unverified() throws {
    try folder.write(pnm(width: 4, height: 3, value: 1), to: "set/1.png")
    try folder.write(pnm(), to: "set/0.png")
    try folder.write(Array("text".utf8), to: "set/x.png")
    try folder.write(pnm(), to: "set/other.ppm")
    let manifest = manifest([1], count: 4)
    let verification = try #require(try locator(manifest).verify(manifest))
    #expect(verification.files.map(\.path) == ["0.png", "1.png", "x.png"])
    #expect(verification.files.map(\.verdict) == [.unverified, .ok, .unreadable])
    #expect(verification.unnamedMissingCount == 1 && !verification.isAccepted)
  }

  @Test("same pixels in other bytes are measured, wrong pixels are refused")
  func acceptance() async throws {
    try folder.write(Array("P5 4 3 255 ".utf8) + [UInt8](repeating: 1, count: 12), to: "set/1.png")
    #expect(try await locator(manifest([1])).dataset("set").images.count == 1)
    try folder.write(pnm(width: 4, height: 3, value: 3), to: "set/2.png")
    await expectError(.wrongDigest, "set/2.png is not the image of set: its SHA-256 differs") {
      try await locator(manifest([2])).dataset("set").images
    }
  }

  @Test("the first root with all files counts, before those with some")
  func rootOrder() async throws {
    let image = pnm(width: 4, height: 3, value: 1)
    try folder.write(image, to: "partial/set/1.png")
    for root in ["first", "second"] {
      try folder.write(image, to: "\(root)/set/1.png")
      try folder.write(pnm(width: 4, height: 3, value: 2), to: "\(root)/set/2.png")
    }
    let manifest = manifest([1, 2])
    let locator = locator(
      manifest, roots: ["partial", "first", "second"].map { "\(folder.path)/\($0)" })
    #expect(try locator.verify(manifest)?.folder == "\(folder.path)/first/set")
    let location = try #require(try locator.location(of: manifest))
    #expect(location == ("\(folder.path)/first/set", 2))
    #expect(try await locator.dataset("set").images.map(\.path) == ["1.png", "2.png"])
  }

  @Test("a crop takes the same border from all sides when the image is loaded")
  func crop() async throws {
    let rows: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    try folder.write(Array("P5\n4 3\n255\n".utf8) + rows, to: "images/a.pgm")
    let image = Image(width: 4, height: 3, colorModel: .gray, samples: rows)
    #expect(try image.removingBorder(of: 1).samples == [6, 7])
    let source = DatasetImage.Source.file(path: "\(folder.path)/images/a.pgm", cropBorder: 1)
    #expect(try DatasetImage(path: "a.pgm", source: source).load().image.width == 2)
    #expect(throws: ImageError.self) { try image.removingBorder(of: 2) }
    let colours = Image(
      width: 3, height: 3, colorModel: .rgb, samples: (0..<27).map { UInt8($0) })
    #expect(try colours.removingBorder(of: 1).samples == [12, 13, 14])
  }

  @Test("the SHA-1 of the set is that of all files one after the other")
  func concatenatedDigest() throws {
    try folder.write(pnm(width: 4, height: 3, value: 1), to: "set/1.png")
    try folder.write(pnm(width: 4, height: 3, value: 2), to: "set/2.png")
    let right = "75b3adfcc5ec729a2d09a629fc06a391b68ccc13"
    for (digest, matches) in [(right, true), (String(right.reversed()), false)] {
      let manifest = manifest([1, 2], sha1: digest)
      #expect(try locator(manifest).verify(manifest)?.matchesConcatenatedSHA1 == matches)
    }
  }

  @Test("a folder called after a set is checked against it, any other is only read")
  func folders() throws {
    try folder.write(pnm(width: 4, height: 3, value: 1), to: "set/1.png")
    try folder.write(pnm(), to: "other/a.pgm")
    try folder.write(Array("text".utf8), to: "other/b.pgm")
    let locator = locator(manifest([1]))
    #expect(try locator.verify(nameOrPath: "\(folder.path)/set/").files.map(\.verdict) == [.ok])
    let other = try locator.verify(nameOrPath: "\(folder.path)/other")
    #expect(other.files.map(\.verdict) == [.unverified, .unreadable])
    #expect(other.dataset == nil && !other.isAccepted)
  }

  @Test(
    "the real files are those of the manifests",
    .enabled(if: realDatasets != nil, "set RDBENCH_DATASETS to run"),
    arguments: ["kodak", "kodak-li2017", "clic2020-professional-valid-12"])
  func realFiles(name: String) async throws {
    let root = try #require(realDatasets)
    let locator = DatasetLocator(roots: [root], downloadRoot: folder.path, mayFetch: false)
    let manifest = try locator.manifest(named: name)
    let verification = try #require(try locator.verify(manifest))
    #expect(verification.files.allSatisfy { $0.verdict == .ok || $0.verdict == .okByPixels })
    #expect(verification.isAccepted)
    #expect(name != "kodak" || verification.matchesConcatenatedSHA1 == true)
    let dataset = try await locator.dataset(name)
    for (image, file) in zip(dataset.images, manifest.files) {
      let loaded = try image.load().image
      #expect(loaded.width == file.width - 2 * manifest.cropBorder, "\(file.path)")
      #expect(loaded.height == file.height - 2 * manifest.cropBorder, "\(file.path)")
      if manifest.cropBorder == 0 {
        #expect(SHA256Digest.pixels(of: loaded) == file.pixelsSHA256, "\(file.path)")
      }
    }
  }
}
