import Foundation
import Testing

@testable import Imaging

@Suite final class ImageFileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "rdbench-\(UUID().uuidString)")
  private let gray = Image(width: 2, height: 1, colorModel: .gray, samples: [3, 200])
  private let rgb = Image(width: 2, height: 1, colorModel: .rgb, samples: [1, 2, 3, 4, 5, 6])

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func kind(_ body: () throws -> Void) -> ImageError.Kind? {
    #expect(throws: ImageError.self, performing: body)?.kind
  }

  @Test(arguments: ["a.png", "a.PNG", "a.pnm", "a.ppm"])
  func `RGB is written in the format of its name and read back`(name: String) throws {
    try ImageFile.write(rgb, path: path(name))
    #expect(try ImageFile.read(path: path(name)).image == rgb)
    let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
    #expect(PNG.recognizes(bytes) == name.lowercased().hasSuffix("png"))
  }

  @Test(arguments: ["a.png", "a.pnm", "a.pgm"])
  func `grey is written in the format of its name and read back`(name: String) throws {
    try ImageFile.write(gray, path: path(name))
    #expect(try ImageFile.read(path: path(name)).image == gray)
  }

  @Test func `the header says what the picture will be`() throws {
    let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let files = try FileManager.default.contentsOfDirectory(
      at: fixtures, includingPropertiesForKeys: nil)
    var count = 0
    for file in files {
      guard let decoded = try? ImageFile.read(path: file.path) else { continue }
      #expect(try ImageFile.readHeader(path: file.path) == ImageHeader(decoded.image))
      count += 1
    }
    #expect(count >= 15)
    for text in ["P5 3 2 255\nabcdef", "P6 # a comment\n1\n2 255 abcdef"] {
      let bytes = Array(text.utf8)
      #expect(try ImageFile.header(of: bytes) == ImageHeader(PNM.decode(bytes).image))
    }
  }

  @Test func `a header that is not there or too large is refused`() throws {
    #expect(kind { _ = try ImageFile.readHeader(path: self.path("no.png")) } == .inaccessibleFile)
    #expect(kind { _ = try ImageFile.header(of: Array("text".utf8)) } == .unknownFormat)
    #expect(kind { _ = try ImageFile.header(of: []) } == .unknownFormat)
    #expect(kind { _ = try ImageFile.header(of: Array("P5 3 ".utf8)) } == .corruptData)
    #expect(kind { _ = try ImageFile.header(of: Array("P6 99999 99999 ".utf8)) } == .tooLarge)
    let png = try PNG.encode(rgb)
    #expect(kind { _ = try ImageFile.header(of: Array(png.prefix(25))) } == .corruptData)
  }

  @Test func `content counts and the name does not`() throws {
    try Data(PNM.encode(rgb)).write(to: folder.appending(path: "really-pnm.png"))
    #expect(try ImageFile.read(path: path("really-pnm.png")).image == rgb)
    try Data("a text".utf8).write(to: folder.appending(path: "text.png"))
    #expect(kind { _ = try ImageFile.read(path: self.path("text.png")) } == .unknownFormat)
    try Data().write(to: folder.appending(path: "empty.png"))
    #expect(kind { _ = try ImageFile.read(path: self.path("empty.png")) } == .unknownFormat)
  }

  @Test func `files that cannot be read or written say why`() throws {
    #expect(kind { _ = try ImageFile.read(path: self.path("missing.png")) } == .inaccessibleFile)
    #expect(kind { _ = try ImageFile.read(path: self.folder.path) } == .inaccessibleFile)
    #expect(
      kind { try ImageFile.write(self.rgb, path: self.path("no/a.png")) } == .inaccessibleFile)
    #expect(kind { try ImageFile.write(self.rgb, path: self.folder.path + "/") } == .unknownFormat)
  }

  @Test(arguments: ["a.jpg", "a", "png", "a.png.bak"])
  func `other formats are refused before a file appears`(name: String) {
    #expect(kind { try ImageFile.write(self.rgb, path: self.path(name)) } == .unknownFormat)
    #expect(!FileManager.default.fileExists(atPath: path(name)))
  }

  @Test func `the grey and the RGB format hold nothing else`() {
    #expect(kind { try ImageFile.write(self.rgb, path: self.path("a.pgm")) } == .unsupported)
    #expect(kind { try ImageFile.write(self.gray, path: self.path("a.ppm")) } == .unsupported)
  }
}

@Suite struct ImageTests {
  @Test func `equal channels become exactly their value in grey and back`() {
    let gray = Image(width: 256, height: 1, colorModel: .gray, samples: Array(0...255))
    #expect(gray.asRGB().asGray() == gray)
    #expect(gray.asGray() == gray && gray.asRGB().asRGB() == gray.asRGB())
  }

  @Test(
    arguments: [
      ([255, 0, 0], 76), ([0, 255, 0], 150), ([0, 0, 255], 29), ([255, 255, 254], 255),
      ([10, 20, 30], 18),
    ] as [([UInt8], UInt8)])
  func `luma is rounded to nearest`(pixel: [UInt8], luma: UInt8) {
    #expect(Image(width: 1, height: 1, colorModel: .rgb, samples: pixel).asGray().samples == [luma])
  }

  @Test func `a wrong number of samples is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 2, height: 2, colorModel: .rgb, samples: [0])
    }
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 0, height: 2, colorModel: .gray, samples: [])
    }
  }

  @Test func `size limits hold at their edge and cannot overflow`() throws {
    try ImageLimits.check(width: 1 << 14, height: 1 << 14)
    for (width, height) in [((1 << 14) + 1, 1 << 14), (.max, .max), (.max, 2)] {
      let error = #expect(throws: ImageError.self) {
        try ImageLimits.check(width: width, height: height)
      }
      #expect(error?.kind == .tooLarge)
    }
    for (width, height) in [(0, 1), (1, 0), (-1, -1)] {
      let error = #expect(throws: ImageError.self) {
        try ImageLimits.check(width: width, height: height)
      }
      #expect(error?.kind == .corruptData)
    }
  }
}
