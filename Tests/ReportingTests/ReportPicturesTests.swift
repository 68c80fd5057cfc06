import Foundation
import Imaging
import Results
import Testing

@testable import Reporting

@Suite struct ReportPicturesTests {
  private func image(_ uri: String) throws -> Image {
    let prefix = "data:image/png;base64,"
    #expect(uri.hasPrefix(prefix))
    let bytes = try #require(Data(base64Encoded: String(uri.dropFirst(prefix.count))))
    return try ImageFile.decode(Array(bytes)).image
  }

  @Test func `the nearest kept picture of each rate is shown, pixel for pixel`() throws {
    let kept = try KeptPicturesFolder()
    let selection = PictureSelection(rates: [0.5, 2, 3], size: (16, 10))
    let picture = try #require(try kept.report(selection).pictures.first)
    #expect(picture.window == Report.Window(x: 12, y: 10, width: 16, height: 10))
    #expect(picture.rates.map { $0.entries.map(\.row) } == [[0], [1], [1]])
    #expect(picture.sources.count == 3)
    for (source, offset) in zip(picture.sources, [0, 3, 2]) {
      let expected = KeptPicturesFolder.picture(offset: offset).cropped(to: picture.window)
      #expect(try image(source) == expected)
    }
    #expect(try image(picture.thumbnail) == KeptPicturesFolder.picture(offset: 0))
  }

  @Test func `drawings of side information come along`() throws {
    let kept = try KeptPicturesFolder()
    let path = KeptPictures.sideInformationPath(
      of: kept.rows[0].subject, name: "importance-map")
    let drawing = Image(
      width: 40, height: 62, colorModel: .gray, samples: [UInt8](repeating: 9, count: 40 * 62))
    try kept.write(drawing, path)
    let picture = try #require(try kept.report(PictureSelection(rates: [0.8])).pictures.first)
    let entry = try #require(picture.rates.first?.entries.first)
    #expect(entry.drawings.map(\.name) == ["importance-map"])
    #expect(picture.sources.count == 3)
  }

  @Test func `a picture that is not its row's is refused`() throws {
    let kept = try KeptPicturesFolder()
    let path = KeptPictures.reconstructionPath(of: kept.rows[0].subject)
    try kept.write(KeptPicturesFolder.picture(offset: 4), path)
    #expect(throws: ReportError.self) { try kept.report(PictureSelection()) }
    try kept.write(KeptPicturesFolder.picture(offset: 3), path)
    #expect(throws: Never.self) { try kept.report(PictureSelection()) }
    let original = KeptPictures.originalPath(dataset: "set", image: "a.png")
    try kept.write(KeptPicturesFolder.picture(offset: 1), original)
    let error = #expect(throws: ReportError.self) { try kept.report(PictureSelection()) }
    #expect(error?.message.hasPrefix("\(original) is not the picture that") == true)
  }

  @Test func `only kept pictures can be named, and none is no mistake`() throws {
    let kept = try KeptPicturesFolder()
    let error = #expect(throws: ReportError.self) {
      try kept.report(PictureSelection(images: .named(["b.png"])))
    }
    #expect(
      error?.message == "the run kept no pictures of b.png, there are those of a.png; "
        + "‘rdbench run --keep-images’ keeps them")
    #expect(try kept.report(PictureSelection(images: .first(0))).pictures.isEmpty)
    #expect(try kept.report(PictureSelection(images: .named(["a.png"]))).pictures.count == 1)
  }

  @Test func `a window lies inside the image`() {
    let image = KeptPicturesFolder.picture(offset: 0)
    func window(_ width: Int, _ height: Int, _ origin: (x: Int, y: Int)?) -> Report.Window {
      PictureSelection(size: (width, height), origin: origin).window(in: image)
    }
    #expect(window(100, 10, nil) == Report.Window(x: 0, y: 10, width: 40, height: 10))
    #expect(window(10, 10, (35, 99)) == Report.Window(x: 30, y: 20, width: 10, height: 10))
  }

  @Test func `a reduced picture is the mean of squares`() {
    let image = Image(width: 3, height: 2, colorModel: .gray, samples: [0, 10, 99, 20, 33, 99])
    #expect(image.reduced(toFit: (2, 2)).samples == [16])
    #expect(image.reduced(toFit: (3, 2)) == image)
  }
}
