import Codecs
import Foundation
import ImageMetrics
import Imaging
import Plotting
import Testing

@testable import Analysis
@testable import Results

/// Figures of pictures that a run kept.
@Suite struct PictureFigureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func picture(_ level: UInt8, width: Int = 100, height: Int = 80) -> Image {
    Image(
      width: width, height: height, colorModel: .gray,
      samples: Array(repeating: level, count: width * height))
  }

  private func keep(_ image: Image, as path: String) throws {
    try folder.write(Data(try PNG.encode(image)), to: path)
  }

  /// Keeps the pictures of rows: the originals at level 100, the others off by what the rows say.
  private func keep(_ rows: [ResultRow], drawings: Bool = false) throws {
    for row in rows {
      let subject = row.subject
      let original = KeptPictures.originalPath(dataset: subject.dataset, image: subject.image)
      try keep(picture(100), as: original)
      let error = UInt8((row.scores[.mse] ?? 0).squareRoot())
      try keep(picture(100 + error), as: KeptPictures.reconstructionPath(of: subject))
      if drawings {
        try keep(
          picture(7),
          as: KeptPictures.sideInformationPath(of: subject, name: "importance-map"))
      }
    }
  }

  // MARK: Importance maps

  @Test func importanceMapsStandInTheOrderOfTheirRates() throws {
    // The name of an image may hold what separates fields.
    let rows = MadeUpRows.rows(
      "cw", parameters: "entropy=cabac", images: ["a,b \"c\".png"], steps: 2
    ) { row in row.encodedBytes = 3000 - (row.encodedBytes ?? 0) }
    try keep(rows, drawings: true)
    let figure = try ImportanceMapFigure(
      rows: CoderRows(
        rows, of: "r.csv", by: CoderParameter(codec: "cw", name: "entropy", uncoded: "none")),
      coder: "cabac", images: nil, folder: folder.url)
    let files = figure.files(width: Length(640, .pixels))
    let records = try CSV.records(in: Array(files.csv.utf8))
    #expect(records[0] == ["image", "quality", "bits_per_pixel", "picture"])
    // 2000 bytes at quality 10 and 1000 at quality 20.
    #expect(
      records.dropFirst().map { Array($0.prefix(3)) }
        == [["a,b \"c\".png", "20", "1"], ["a,b \"c\".png", "10", "2"]])
    #expect(
      records.dropFirst().map { $0[3] }
        == rows.reversed().map {
          KeptPictures.sideInformationPath(of: $0.subject, name: "importance-map")
        })
    #expect(files.svg.matches(of: #/<image /#).count == 3)
    #expect(files.svg.contains(">1.000 bpp</text>") && files.svg.contains(">2.000 bpp</text>"))
  }

  @Test func aPictureThatWasNotKeptIsNamed() throws {
    let rows = MadeUpRows.rows("cw", parameters: "entropy=cabac", steps: 1)
    let coders = try CoderRows(
      rows, of: "r.csv", by: CoderParameter(codec: "cw", name: "entropy", uncoded: "none"))
    let path = KeptPictures.sideInformationPath(of: rows[0].subject, name: "importance-map")
    #expect(
      throws: AnalysisError(
        "\(path) is not beside the results; figure 6 needs a run with --keep-images")
    ) {
      try ImportanceMapFigure(rows: coders, coder: "cabac", images: nil, folder: folder.url)
    }
    #expect(throws: AnalysisError("there is no finished row of cw for c.png")) {
      try ImportanceMapFigure(rows: coders, coder: "cabac", images: ["c.png"], folder: folder.url)
    }
  }

  // MARK: Crops

  private func crops(
    _ rows: [ResultRow], _ selection: CropSelection
  ) throws -> CropFigure {
    try CropFigure(results: folder.write(rows, to: "results.csv"), selection: selection)
  }

  @Test func theNearestRateIsTakenAndADistantOneNamed() throws {
    let rows =
      MadeUpRows.rows("jpeg", images: ["a.png"]) { $0.scores[.mse] = 25 }
      + MadeUpRows.rows("webp", images: ["a.png"], bytes: [1200]) { $0.scores[.mse] = 100 }
    try keep(rows)
    let figure = try crops(rows, CropSelection(rate: 4, names: try CodecLabels(["webp=WebP"])))
    let crops: [CropFigure.Crop] = try #require(figure.strips.first).crops
    #expect(crops.map(\.label) == ["jpeg", "WebP"])
    #expect(crops.map(\.bitsPerPixel) == [4, 4.8])
    #expect(crops.map { $0.image.samples.first } == [105, 110])
    #expect(figure.notes == ["a.png: the nearest row of WebP is 20 % above 4 bpp"])
    let files = try figure.files(width: nil, columns: 3)
    let records = try CSV.records(in: Array(files.csv.utf8))
    #expect(
      records.dropFirst().map { Array($0.prefix(5)) }
        == [["a.png", "jpeg", "", "30", "4"], ["a.png", "webp", "", "30", "4.8"]])
    // The whole image, since it has fewer pixels than the usual window.
    #expect(
      records.dropFirst().map { Array($0[7...10]) } == [
        ["0", "0", "100", "80"], ["0", "0", "100", "80"],
      ])
  }

  @Test func windowsAreOfOneImageOrOfAllOthers() throws {
    let rows = MadeUpRows.rows("jpeg", images: ["a.png", "b.png"], steps: 1) {
      $0.scores[.mse] = 25
    }
    try keep(rows)
    let figure = try crops(
      rows,
      CropSelection(
        rate: 1, windows: ["b.png": .init(size: (10, 20), origin: (90, 60))],
        otherWindow: .init(size: (50, 40))))
    let regions = figure.strips.map {
      [$0.region.x, $0.region.y, $0.region.width, $0.region.height]
    }
    #expect(regions == [[25, 20, 50, 40], [90, 60, 10, 20]])
    #expect(
      throws: AnalysisError("--window 11x20+90+60 goes beyond b.png, which has 100×80 pixels")
    ) {
      try crops(
        rows, CropSelection(rate: 1, windows: ["b.png": .init(size: (11, 20), origin: (90, 60))]))
    }
    #expect(throws: AnalysisError("--window is for b.png, which is not among the figure's images"))
    {
      try crops(
        rows,
        CropSelection(rate: 1, images: ["a.png"], windows: ["b.png": .init(size: (1, 1))]))
    }
  }

  @Test func cropsAreEnlargedByAWholeNumber() throws {
    let rows = MadeUpRows.rows("jpeg", images: ["a.png"], steps: 1) { $0.scores[.mse] = 25 }
    try keep(rows)
    // 320 / 100 is 3; two crops and a gap of 6.
    let svg = try crops(rows, CropSelection(rate: 1)).files(width: nil, columns: 3).svg
    #expect(svg.contains("width=\"606.00px\""))
    #expect(svg.matches(of: /<image x="[0-9.]+" y="0" width="300" height="240"/).count == 2)
    // In one column each crop is as wide as the figure.
    let narrow = try crops(rows, CropSelection(rate: 1)).files(
      width: Length(150, .pixels), columns: 1
    ).svg
    #expect(narrow.contains("width=\"150.00px\""))
    #expect(narrow.matches(of: /<image x="0" y="[0-9.]+" width="150" height="120"/).count == 2)
    #expect(
      throws: AnalysisError(
        "--width is too narrow for 2 crops in a row; choose fewer with --columns")
    ) {
      try crops(rows, CropSelection(rate: 1)).files(width: Length(80, .pixels), columns: 2)
    }
  }
}
