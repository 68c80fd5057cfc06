import Codecs
import ImageMetrics
import LearnedCodecs
import Plotting
import RateDistortion
import Results
import Testing

@testable import Analysis
@testable import ContentWeightedCodec

@Suite struct EntropyCodingFigureTests {
  private static let parameter = CoderParameter(codec: "cw", name: "entropy", uncoded: "none")
  private let psnr = QualityMeasure.named("psnr")[0]

  /// A file of the codec with sections of so many bytes.
  private static func file(map: Int, codes: Int, coder: CoderID) -> CodedFile {
    CodedFile(
      kind: ContentWeightedCodec.fileKinds[0], isGray: false, coder: coder.rawValue,
      modelIdentifier: [1, 2, 3, 4], knob: RateKnob(byte: 77), width: 100, height: 80,
      sections: [
        [UInt8](repeating: 1, count: map), [UInt8](repeating: 2, count: codes),
      ])
  }

  /// The row that a run makes of a file.
  private static func row(
    _ file: CodedFile, coder: String, step: Int, more: String = "threads=1",
    codec: String = "cw", psnr: Double = 30
  ) -> ResultRow {
    let encoded = file.encodedImage
    return MadeUpRows.rows(
      codec, parameters: "entropy=\(coder);\(more)", images: ["a.png"], steps: 1,
      psnr: psnr + Double(step)
    ) { row in
      row.subject.quality = .value(Double(step))
      row.encodedBytes = encoded.bytes.count
      row.sections = encoded.sections
    }[0]
  }

  private func rates(_ figure: EntropyCodingFigure) throws -> [String: [Double]] {
    var rates: [String: [Double]] = [:]
    let csv = figure.files(style: ChartStyle()).csv
    for line in csv.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",")
      rates[String(fields[0]), default: []].append(try #require(Double(fields[3])))
    }
    return rates
  }

  /// The files of figure 7a that no codec wrote have the size that the container would have: the
  /// fields of its header grow with the sections, here over each of their limits.
  @Test(arguments: [
    (coded: (1, 127), raw: (128, 128)), (coded: (127, 127), raw: (128, 16_384)),
    (coded: (100, 16_383), raw: (200, 16_384)), (coded: (16_383, 20_000), raw: (16_384, 2_100_000)),
    (coded: (0, 5), raw: (3, 4)), (coded: (300, 700), raw: (100, 90)),
  ])
  func sectionsHaveTheSizesOfTheContainer(coded: (Int, Int), raw: (Int, Int)) throws {
    var rows: [ResultRow] = []
    var expected: [String: [Double]] = [:]
    // A curve has two settings; the second file is longer than the first by one byte in each section.
    for step in 0...1 {
      let (coded, raw) = ((coded.0 + step, coded.1 + step), (raw.0 + step, raw.1 + step))
      rows.append(
        Self.row(Self.file(map: coded.0, codes: coded.1, coder: .cabac), coder: "cabac", step: step)
      )
      rows.append(
        Self.row(Self.file(map: raw.0, codes: raw.1, coder: .none), coder: "none", step: step))
      for (label, map, codes) in [
        ("full: codes and importance map", coded.0, coded.1), ("only the codes", raw.0, coded.1),
        ("only the importance map", coded.0, raw.1), ("without entropy coding", raw.0, raw.1),
      ] {
        let bytes = Self.file(map: map, codes: codes, coder: .cabac).bytes.count
        expected[label, default: []].append(Double(bytes) / 1000)
      }
    }
    let figure = try EntropyCodingFigure.sections(
      CoderRows(rows, of: "r.csv", by: Self.parameter), coder: "cabac", measure: psnr)
    #expect(try rates(figure) == expected)
  }

  @Test func headerLineAndFieldsAreQuotedWhereTheyMustBe() throws {
    let rows = ["a,b", "c\"d"].flatMap { coder in
      (0...1).map { step in
        Self.row(Self.file(map: 10, codes: 100, coder: .cabac), coder: coder, step: step)
      }
    }
    let figure = try EntropyCodingFigure.coders(
      CoderRows(rows, of: "r.csv", by: Self.parameter), measure: psnr)
    let lines = figure.files(style: ChartStyle()).csv.split(separator: "\n")
    #expect(lines[0] == "curve,quality,images,bits_per_pixel,psnr_db")
    #expect(lines[1].hasPrefix("\"a,b\",0,1,"))
    #expect(lines[3].hasPrefix("\"c\"\"d\",0,1,"))
  }

  @Test func codersStandBesideEachOtherWithTheirOwnFiles() throws {
    let sizes = [("convolutional", 100), ("cabac", 200), ("none", 300)]
    let rows = sizes.flatMap { coder, codes in
      (0...1).map { step in
        Self.row(Self.file(map: 10, codes: codes, coder: .cabac), coder: coder, step: step)
      }
    }
    let figure = try EntropyCodingFigure.coders(
      CoderRows(rows, of: "r.csv", by: Self.parameter), measure: psnr)
    let bytes = [100, 200].map {
      Double(Self.file(map: 10, codes: $0, coder: .cabac).bytes.count) / 1000
    }
    #expect(
      try rates(figure)
        == ["convolutional": [bytes[0], bytes[0]], "cabac": [bytes[1], bytes[1]]])
  }

  @Test func onlyTheRowsOfTheCodecAndItsParameterCount() throws {
    let file = Self.file(map: 1, codes: 1, coder: .cabac)
    let rows = try CoderRows(
      [
        Self.row(file, coder: "none", step: 0), Self.row(file, coder: "cabac", step: 0),
        Self.row(file, coder: "rle", step: 0, more: "threads=2", codec: "cw-no-importance"),
        MadeUpRows.rows("cw", parameters: "threads=1", steps: 1)[0],
      ], of: "r.csv", by: Self.parameter)
    #expect(rows.coders == ["none", "cabac"])
    #expect(try rows.coder(nil) == "cabac")
    #expect(try rows.coder("none") == "none")
    #expect(rows["cabac"].count == 1)
    #expect(
      throws: AnalysisError("there are no rows of cw with entropy=rle, there are none, cabac")
    ) { try rows.coder("rle") }
  }

  @Test func rowsThatDoNotBelongTogetherAreRefused() throws {
    let file = Self.file(map: 1, codes: 1, coder: .cabac)
    func rows(_ rows: ResultRow...) throws -> CoderRows {
      try CoderRows(rows, of: "r.csv", by: Self.parameter)
    }
    #expect(
      throws: AnalysisError("r.csv has no rows of cw: run it with --model and --codecs cw")
    ) { try CoderRows(MadeUpRows.rows("jpeg"), of: "r.csv", by: Self.parameter) }
    #expect(
      throws: AnalysisError(
        "the rows of cw in r.csv differ in more than the coder: threads=1 and threads=2")
    ) {
      try rows(
        Self.row(file, coder: "cabac", step: 0),
        Self.row(file, coder: "none", step: 0, more: "threads=2"))
    }
    #expect(
      throws: AnalysisError("the only coder in the results is none; run cw with another as well")
    ) { try rows(Self.row(file, coder: "none", step: 0)).coder(nil) }
    #expect(throws: AnalysisError("figure 7a needs rows of cw with entropy=none")) {
      try EntropyCodingFigure.sections(
        rows(Self.row(file, coder: "cabac", step: 0)), coder: "cabac", measure: psnr)
    }
    #expect(
      throws: AnalysisError(
        "a.png has other scores with entropy=cabac than with entropy=none: the rows are not of the "
          + "same codes")
    ) {
      try EntropyCodingFigure.sections(
        rows(
          Self.row(file, coder: "cabac", step: 0), Self.row(file, coder: "none", step: 0, psnr: 31)),
        coder: "cabac", measure: psnr)
    }
    #expect(
      throws: AnalysisError(
        "a.png was measured with entropy=cabac at a quality at which there is no finished row with "
          + "entropy=none")
    ) {
      try EntropyCodingFigure.sections(
        rows(Self.row(file, coder: "cabac", step: 0), Self.row(file, coder: "none", step: 1)),
        coder: "cabac", measure: psnr)
    }
    var silent = Self.row(file, coder: "cabac", step: 0)
    silent.sections = []
    #expect(throws: AnalysisError("a.png: the row does not say how its bytes divide")) {
      try EntropyCodingFigure.sections(
        rows(silent, Self.row(file, coder: "none", step: 0)), coder: "cabac", measure: psnr)
    }
  }
}
