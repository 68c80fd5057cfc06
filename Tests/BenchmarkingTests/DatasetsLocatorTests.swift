import TestSupport
import Foundation
import Testing

@testable import Datasets

@Suite("Dataset locator")
struct DatasetsLocatorTests {
  private let folder: TemporaryFolder
  private let locator: DatasetLocator

  init() throws {
    folder = try TemporaryFolder()
    locator = DatasetLocator(
      roots: [], downloadRoot: "\(folder.path)/cache", mayFetch: false)
  }

  @Test("a folder is a dataset: recursive, by extension, sorted by bytes, without hidden files")
  func folderDataset() async throws {
    for name in [
      "set/b.PNG", "set/a/z.ppm", "set/B.pgm", "set/a.pnm", "set/notes.txt", "set/._b.png",
      "set/.git/x.png", "set/é.png", "set/a/deep/er/y.png",
    ] { try folder.write(pnm(), to: name) }
    let dataset = try await locator.dataset("\(folder.path)/set/")
    #expect(dataset.name == "set")
    #expect(
      dataset.images.map(\.path)
        == ["B.pgm", "a.pnm", "a/deep/er/y.png", "a/z.ppm", "b.PNG", "é.png"])
    #expect(dataset.digestOfManifest == nil)
    #expect(try dataset.images[1].load().image.samples == [7, 7, 7, 7])
  }

  @Test("a folder is named by its last component, also behind . and ..")
  func folderName() async throws {
    try folder.write(pnm(), to: "set/a.pgm")
    try folder.write(pnm(), to: "set/sub/a.pgm")
    #expect(try await locator.dataset("\(folder.path)/set/.").name == "set")
    #expect(try await locator.dataset("\(folder.path)/set/sub/..").name == "set")
  }

  @Test("a symbolic link to a folder is followed, and one to its own parent ends")
  func symbolicLinks() async throws {
    try folder.write(pnm(), to: "set/a.pgm")
    try folder.write(pnm(), to: "other/b.pgm")
    let files = FileManager.default
    try files.createSymbolicLink(
      atPath: "\(folder.path)/set/linked", withDestinationPath: "\(folder.path)/other")
    try files.createSymbolicLink(
      atPath: "\(folder.path)/set/loop", withDestinationPath: "\(folder.path)/set")
    let dataset = try await locator.dataset("\(folder.path)/set")
    #expect(dataset.images.map(\.path) == ["a.pgm", "linked/b.pgm"])
  }

  @Test("an empty folder, a file and an unknown name are refused in one sentence")
  func refusals() async throws {
    try folder.write([], to: "empty/readme.txt")
    await expectError(.emptyFolder, "holds no PNG, PPM, PGM or PNM file") {
      try await locator.dataset("\(folder.path)/empty")
    }
    await expectError(.unknownDataset, "is a file; give the folder") {
      try await locator.dataset("\(folder.path)/empty/readme.txt")
    }
    await expectError(.unknownDataset, "did you mean kodak?") {
      try await locator.dataset("kodac")
    }
    await expectError(.missingFiles, "fetch it with rdbench datasets fetch kodak") {
      try await locator.dataset("kodak")
    }
  }

  @Test("the roots are the option, then RDBENCH_DATASETS; the cache folder follows XDG")
  func roots() {
    #expect(
      DatasetLocator.roots(option: "/a", environment: ["RDBENCH_DATASETS": "/b"]) == ["/a", "/b"])
    #expect(DatasetLocator.roots(option: nil, environment: ["RDBENCH_DATASETS": ""]) == [])
    #expect(
      DatasetLocator.cacheRoot(environment: ["XDG_CACHE_HOME": "/x", "HOME": "/h"])
        == "/x/rdbench/datasets")
    #expect(
      DatasetLocator.cacheRoot(environment: ["XDG_CACHE_HOME": "relative", "HOME": "/h"])
        .hasPrefix("/h/"))
  }
}

/// Runs something that must fail with one sentence that says `text`.
func expectError(
  _ kind: DatasetError.Kind, _ text: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> some Any
) async {
  let error = await #expect(throws: DatasetError.self, sourceLocation: sourceLocation) {
    _ = try await body()
  }
  guard let error else { return }
  #expect(error.kind == kind, "\(error.message)", sourceLocation: sourceLocation)
  #expect(error.message.contains(text), "\(error.message)", sourceLocation: sourceLocation)
  #expect(
    !error.message.contains("\n") && !error.message.hasSuffix("."), "\(error.message)",
    sourceLocation: sourceLocation)
}
