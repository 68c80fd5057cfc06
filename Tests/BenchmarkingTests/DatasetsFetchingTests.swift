import TestSupport
import Foundation
import Imaging
import Testing

@testable import Datasets
@testable import Files

@Suite("Dataset fetching")
struct DatasetsFetchingTests {
  private let folder: TemporaryFolder
  private let body: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    // A picture of 90,000 different-looking bytes, so that cuts fall inside it.
    var state: UInt32 = 1
    body =
      Array("P6\n200 150\n255\n".utf8)
      + (0..<90_000).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      }
  }

  private func manifest(
    _ files: [(name: String, url: URL)], archive: DatasetManifest.Archive? = nil, count: Int? = nil
  ) -> DatasetManifest {
    DatasetManifest(
      name: "set", title: "Set", description: "d", licence: "l", source: "https://x.org",
      folder: "set", imageCount: count ?? files.count, cropBorder: 0, concatenatedSHA1: nil,
      archive: archive, generator: nil,
      files: files.map { file in
        DatasetManifest.File(
          path: file.name, url: file.url, size: body.count,
          sha256: SHA256Digest.hexadecimal(of: body), width: 200, height: 150,
          pixelsSHA256: SHA256Digest.pixels(
            of: Image(
              width: 200, height: 150, colorModel: .rgb, samples: Array(body.suffix(90_000)))))
      })
  }

  private func locator(_ manifest: DatasetManifest, attempts: Int = 3) -> DatasetLocator {
    DatasetLocator(
      roots: [], downloadRoot: folder.path, catalog: DatasetCatalog([manifest]),
      fetcher: DatasetFetcher(
        retryDelays: Array(repeating: .milliseconds(10), count: attempts - 1)))
  }

  /// The files that are there, less the lock.
  private func stored() throws -> [String] { try folder.contents().filter { $0 != "set/.lock" } }

  @Test("all files are fetched once, in order, and then found without the network")
  func fetchesAll() async throws {
    let server = try LoopbackServer(["/a.ppm": .init(body: body), "/b.ppm": .init(body: body)])
    let manifest = manifest([("b.ppm", server.url("/b.ppm")), ("a.ppm", server.url("/a.ppm"))])
    let news = ProgressLog()
    let dataset = try await locator(manifest).dataset("set") { news.append($0) }
    #expect(dataset.images.map(\.path) == ["b.ppm", "a.ppm"])
    #expect(try dataset.images[0].load().image.width == 200)
    #expect(dataset.digestOfManifest == manifest.digest)
    #expect(try stored() == ["set/a.ppm", "set/b.ppm"])
    #expect(server.requests.map(\.path) == ["/b.ppm", "/a.ppm"])
    #expect(server.requests[0].headers["range"] == nil)
    #expect(
      news.entries.last
        == DatasetProgress(
          file: "a.ppm", completedBytes: body.count, totalBytes: body.count))
    server.stop()
    #expect(try await locator(manifest).dataset("set").images.count == 2)
  }

  @Test("after a cut connection the rest is asked for, on condition of the same version")
  func resumes() async throws {
    let server = try LoopbackServer(["/a": .init(body: body, cuts: [30_000, 20_000])])
    defer { server.stop() }
    _ = try await locator(manifest([("a.ppm", server.url("/a"))])).dataset("set")
    #expect(server.requests.map { $0.headers["range"] } == [nil, "bytes=30000-", "bytes=50000-"])
    #expect(server.requests.map { $0.headers["if-range"] } == [nil, "\"v1\"", "\"v1\""])
    #expect(try stored() == ["set/a.ppm"])
  }

  @Test("what a run left behind is taken up by the next one")
  func resumesLater() async throws {
    let server = try LoopbackServer(["/a": .init(body: body, cuts: [30_000])])
    defer { server.stop() }
    let manifest = manifest([("a.ppm", server.url("/a"))])
    await expectError(.network, "127.0.0.1 ") {
      try await locator(manifest, attempts: 1).dataset("set")
    }
    #expect(try stored() == ["set/a.ppm.part", "set/a.ppm.part.etag"])
    _ = try await locator(manifest, attempts: 1).dataset("set")
    #expect(server.requests.last?.headers["range"] == "bytes=30000-")
    #expect(try stored() == ["set/a.ppm"])
  }

  @Test("a file that changed on the server is fetched anew")
  func changedFile() async throws {
    let old = [UInt8](repeating: 1, count: body.count)
    let server = try LoopbackServer(["/a": .init(body: old, cuts: [30_000])])
    defer { server.stop() }
    let manifest = manifest([("a.ppm", server.url("/a"))])
    await expectError(.network, "try again later") {
      try await locator(manifest, attempts: 1).dataset("set")
    }
    server.offer(.init(body: body, entityTag: "\"v2\""), at: "/a")
    _ = try await locator(manifest, attempts: 1).dataset("set")
    #expect(try stored() == ["set/a.ppm"])
  }

  @Test("an old part of another version is noticed by the digest when there is no entity tag")
  func changedFileWithoutTag() async throws {
    let server = try LoopbackServer(["/a": .init(body: body, entityTag: nil)])
    defer { server.stop() }
    try folder.write([UInt8](repeating: 1, count: 100), to: "set/a.ppm.part")
    _ = try await locator(manifest([("a.ppm", server.url("/a"))])).dataset("set")
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=100-", nil])
    #expect(try stored() == ["set/a.ppm"])
  }

  @Test("a server that ignores ranges sends the file from its start")
  func ignoredRange() async throws {
    let server = try LoopbackServer([
      "/a": .init(body: body, honoursRanges: false, cuts: [30_000])
    ])
    defer { server.stop() }
    _ = try await locator(manifest([("a.ppm", server.url("/a"))])).dataset("set")
    #expect(server.requests.map { $0.headers["range"] } == [nil, "bytes=30000-"])
  }

  @Test("a weak entity tag is no condition for a part")
  func weakEntityTag() async throws {
    let server = try LoopbackServer([
      "/a": .init(body: body, entityTag: "W/\"v1\"", cuts: [30_000])
    ])
    defer { server.stop() }
    _ = try await locator(manifest([("a.ppm", server.url("/a"))])).dataset("set")
    #expect(server.requests.map { $0.headers["if-range"] } == [nil, nil])
  }

  @Test("a busy server is asked again, a missing file is not")
  func statuses() async throws {
    let server = try LoopbackServer(["/a": .init(body: body, statuses: [503, 429])])
    defer { server.stop() }
    _ = try await locator(manifest([("a.ppm", server.url("/a"))])).dataset("set")
    #expect(server.requests.count == 3)
    let missing = manifest([("c.ppm", server.url("/nowhere"))])
    await expectError(.network, "127.0.0.1 answers with status 404") {
      try await locator(missing).dataset("set")
    }
    #expect(server.requests.count == 4)
  }

  @Test("wrong bytes get no final name and are not kept", arguments: [0, 10, -10])
  func wrongDigest(lengthening: Int) async throws {
    let wrong = [UInt8](repeating: 1, count: body.count + lengthening)
    let server = try LoopbackServer(["/a": .init(body: wrong)])
    defer { server.stop() }
    let manifest = manifest([("a.ppm", server.url("/a"))])
    let problem =
      switch lengthening {
      case 0: "its SHA-256 differs; nothing was kept"
      case 10: "sends more than \(body.count) bytes"
      default: "sends \(body.count - 10) bytes instead of \(body.count)"
      }
    await expectError(lengthening == 0 ? .wrongDigest : .network, problem) {
      try await locator(manifest).dataset("set")
    }
    #expect(try !stored().contains("set/a.ppm"))
  }

  @Test("without a server, or with one that redirects to an open address, one sentence says so")
  func unreachable() async throws {
    let server = try LoopbackServer(["/a": .init(body: body, redirection: "http://localhost/b")])
    let manifest = manifest([("a.ppm", server.url("/a"))])
    await expectError(.network, "redirects to an address that is not encrypted") {
      try await locator(manifest).dataset("set")
    }
    server.stop()
    await expectError(.network, "a.ppm cannot be fetched: 127.0.0.1 cannot be reached; try again") {
      try await locator(manifest).dataset("set")
    }
  }

  @Test("a wrong file is an error when it is used and is replaced when it is fetched")
  func replacesWrongFile() async throws {
    let server = try LoopbackServer(["/a": .init(body: body)])
    defer { server.stop() }
    let manifest = manifest([("a.ppm", server.url("/a"))])
    try folder.write(pnm(), to: "set/a.ppm")
    await expectError(.wrongDigest, "set/a.ppm is not the image of set") {
      try await locator(manifest).dataset("set")
    }
    #expect(try await locator(manifest).fetch(manifest).count(of: .ok) == 1)
  }

  @Test("several fetches at once download once")
  func concurrentFetches() async throws {
    let server = try LoopbackServer(["/a": .init(body: body, cuts: [30_000])])
    defer { server.stop() }
    let manifest = manifest([("a.ppm", server.url("/a"))])
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask { try await locator(manifest).fetch(manifest).count(of: .ok) }
      }
      for try await count in group { #expect(count == 1) }
    }
    #expect(server.requests.count == 2)
  }

  @Test("an unwritable folder is an error that says what to do")
  func unwritableFolder() async throws {
    try folder.write([], to: "set")
    let server = try LoopbackServer([:])
    defer { server.stop() }
    await expectError(.inaccessibleFile, "give another with --dataset-root") {
      try await locator(manifest([("a.ppm", server.url("/a"))])).dataset("set")
    }
  }

  // MARK: Archives

  private func archive(_ bytes: [UInt8], _ server: LoopbackServer) -> DatasetManifest.Archive {
    server.offer(.init(body: bytes, cuts: [100]), at: "/set.zip")
    return DatasetManifest.Archive(
      url: server.url("/set.zip"), size: bytes.count,
      sha256: SHA256Digest.hexadecimal(of: bytes), sha256Source: nil, folder: "valid")
  }

  @Test("an archive is fetched, its folder's PNG files unpacked, and nothing else stays")
  func unpacksArchive() async throws {
    let server = try LoopbackServer([:])
    defer { server.stop() }
    let zip = ZIPWriter.archive([
      .init(name: "valid/", bytes: []), .init(name: "valid/b.png", bytes: body),
      .init(name: "valid/a.png", bytes: body), .init(name: "valid/notes.txt", bytes: [1]),
      .init(name: "valid/deep/c.png", bytes: [1]),
      .init(name: "__MACOSX/valid/._a.png", bytes: [1]),
    ])
    let manifest = manifest([], archive: archive(zip, server), count: 2)
    let dataset = try await locator(manifest).dataset("set")
    #expect(dataset.images.map(\.path) == ["a.png", "b.png"])
    #expect(try stored() == ["set/a.png", "set/b.png"])
    #expect(server.requests.map { $0.headers["range"] } == [nil, "bytes=100-"])
    let verification = try #require(try locator(manifest).verify(manifest))
    #expect(verification.files.map(\.verdict) == [.unverified, .unverified])
  }

  @Test("an archive with too few or too many images is not the set")
  func archiveOfAnotherSize() async throws {
    let server = try LoopbackServer([:])
    defer { server.stop() }
    let zip = ZIPWriter.archive(["a", "b"].map { .init(name: "valid/\($0).png", bytes: body) })
    let more = manifest([], archive: archive(zip, server), count: 3)
    await expectError(.missingFiles, "still misses 1 of 3 images") {
      try await locator(more).dataset("set")
    }
    let fewer = manifest([], archive: archive(zip, server), count: 1)
    await expectError(.wrongDigest, "holds 2 images where set has 1") {
      try await locator(fewer).dataset("set")
    }
  }

  @Test(
    "an archive with an evil name or size is refused as a whole",
    arguments: [
      (ZIPWriter.Member(name: "../evil.png", bytes: [1]), "leads out of its folder"),
      (.init(name: "valid/../../evil.png", bytes: [1]), "leads out of its folder"),
      (.init(name: "/etc/evil.png", bytes: [1]), "leads out of its folder"),
      (.init(name: "valid\\..\\evil.png", bytes: [1]), "leads out of its folder"),
      (.init(name: "c:evil.png", bytes: [1]), "leads out of its folder"),
      (.init(name: "valid/a.png", bytes: [1]), "holds valid/a.png twice"),
      (.init(name: "valid/e.png", bytes: [1], flags: 1), "encrypted"),
      (
        .init(name: "valid/e.png", bytes: [1], declaredSize: 1 << 31), "2147483648 bytes, more than"
      ),
      (.init(name: "valid/e.png", bytes: [1], declaredSize: 1 << 29), "more than 100 times"),
      (.init(name: "valid/e.png", bytes: [1], declaredSize: 1000), "damaged"),
      (.init(name: "valid/e.png", bytes: [1], hasWrongChecksum: true), "damaged"),
    ])
  func evilArchives(evil: ZIPWriter.Member, problem: String) async throws {
    let server = try LoopbackServer([:])
    defer { server.stop() }
    let zip = ZIPWriter.archive([.init(name: "valid/a.png", bytes: body), evil])
    let manifest = manifest([], archive: archive(zip, server), count: 2)
    await expectError(.archive, problem) { try await locator(manifest).dataset("set") }
    let images = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".png") && $0 != "set/a.png" }
    #expect(images == [])
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/../evil.png"))
  }

  @Test("text that calls itself an archive is refused")
  func noArchive() async throws {
    let server = try LoopbackServer([:])
    defer { server.stop() }
    let manifest = manifest([], archive: archive(Array("no zip\n".utf8), server), count: 2)
    await expectError(.archive, "set.zip is no ZIP archive or is damaged") {
      try await locator(manifest).dataset("set")
    }
  }
}

/// Collects what a progress handler is told.
private final class ProgressLog: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: [DatasetProgress] = []
  var entries: [DatasetProgress] { lock.withLock { stored } }
  func append(_ entry: DatasetProgress) { lock.withLock { stored.append(entry) } }
}
