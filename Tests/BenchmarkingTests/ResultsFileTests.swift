import Codecs
import ImageMetrics
import Testing

@testable import Results

@Suite struct ResultsFileTests {
  static let complete = ResultRow(
    subject: ResultRow.Subject(
      dataset: "kodak", image: "sub/kodim01.png", imageSHA256: "ab12", width: 768, height: 512,
      codec: "jpeg2000", codecVersion: "OpenJPEG 2.5.0", parameters: "mode=rate",
      quality: .value(0.25)),
    status: .ok, encodedBytes: 12_288, sections: [.init(.header, 24), .init(.codes, 12_264)],
    scores: [.mse: 30.1, .psnr: 33.345, .ssim: 0.9, .mseY: 0, .psnrY: .infinity],
    threads: 2, jobs: 3,
    timing: ResultRow.Timing(
      encodeSeconds: 0.08, encodeCPUSeconds: 0.0799, decodeSeconds: 0.012,
      decodeCPUSeconds: 1e-05),
    bitstreamSHA256: "cd34")

  static let aimed = {
    var row = complete
    row.subject.target = Target(.bitsPerPixel, 0.3)
    return row
  }()

  static let failed = ResultRow(
    subject: ResultRow.Subject(
      dataset: "folder", image: "bad, \"very\".png", codec: "raw", codecVersion: "rdbench 0.1.0",
      parameters: "", quality: .fixed),
    status: .encodeFailed, message: "the image cannot be read: truncated")

  @Test func `the header row is the documented one`() {
    #expect(
      ResultsFile.header == """
        dataset,image,image_sha256,width,height,codec,codec_version,parameters,quality,\
        target,encoded_bytes,header_bytes,importance_map_bytes,codes_bytes,sections,bits_per_pixel,mse,psnr_db,\
        ssim,ms_ssim,mse_y,psnr_y_db,ssim_y,ms_ssim_y,threads,jobs,encode_seconds,decode_seconds,\
        encode_cpu_seconds,decode_cpu_seconds,bitstream_sha256,status,message

        """)
  }

  @Test func `a row is written with shortest numbers, inf, and nothing for not applicable`() {
    #expect(
      ResultsFile.line(Self.complete) == """
        kodak,sub/kodim01.png,ab12,768,512,jpeg2000,OpenJPEG 2.5.0,mode=rate,0.25,,12288,24,,12264,header=24;codes=12264,\
        0.25,30.1,33.345,0.9,,0,inf,,,2,3,0.08,0.012,0.0799,1e-05,cd34,ok,

        """)
  }

  @Test(arguments: [complete, aimed, failed])
  func `rows read back as they were`(row: ResultRow) throws {
    let bytes = Array((ResultsFile.header + ResultsFile.line(row)).utf8)
    #expect(try ResultsFile.rows(in: bytes) == [row])
  }

  @Test func `columns may stand in another order and be joined by unknown ones`() throws {
    let names = ["extra"] + CSV.namesOf(ResultsFile.header).reversed()
    let fields = ["?"] + CSV.namesOf(ResultsFile.line(Self.complete)).reversed()
    let bytes = Array((CSV.line(names) + CSV.line(fields)).utf8)
    #expect(try ResultsFile.rows(in: bytes) == [Self.complete])
  }

  @Test(arguments: [["target"], ["target", "sections", "jobs"]])
  func `a file of a release with fewer columns is read`(younger: [String]) throws {
    func withoutYounger(_ line: String) -> String {
      let kept = zip(CSV.namesOf(ResultsFile.header), CSV.namesOf(line))
        .filter { !younger.contains($0.0) }
      return CSV.line(kept.map(\.1))
    }
    let text = [ResultsFile.header, ResultsFile.line(Self.complete)].map(withoutYounger).joined()
    var expected = Self.complete
    if younger.contains("jobs") { expected.jobs = nil }
    #expect(try ResultsFile.rows(in: Array(text.utf8)) == [expected])
  }

  @Test func `sections of any name are read back in their order`() throws {
    var row = Self.complete
    row.sections = try ["base.header", "base.payload", "flags"].enumerated().map { index, name in
      EncodedImage.Section(try #require(.init(rawValue: name)), index + 1)
    }
    let text = ResultsFile.header + ResultsFile.line(row)
    #expect(text.contains("base.header=1;base.payload=2;flags=3"))
    #expect(try ResultsFile.rows(in: Array(text.utf8)) == [row])
  }

  @Test(arguments: [
    ("ok,", "fine,", "status"), ("12288", "many", "encoded_bytes"), ("30.1", "nan", "mse"),
    ("0.25,,12288", "0.2.5,,12288", "quality"),
    ("0.25,,12288", "0.25,psnr_db,12288", "target"), (",2,3,0.08", ",,3,0.08", "threads"),
    (",2,3,0.08", ",2,0,0.08", "jobs"), ("header=24;", "header=x;", "sections"),
    ("header=24;codes", "codes=24;codes", "sections"), ("header=24;", "header=-24;", "sections"),
  ])
  func `a field that is no value of its column names the column`(
    text: String, replacement: String, column: String
  ) throws {
    let line = ResultsFile.line(Self.complete).replacing(text, with: replacement)
    let error = #expect(throws: ResultsError.self) {
      try ResultsFile.rows(in: Array((ResultsFile.header + line).utf8))
    }
    #expect(error?.message.contains(column) == true)
  }

  @Test(arguments: ["", "a,b\n1,2\n"])
  func `a file of another kind is refused`(text: String) {
    #expect(throws: ResultsError.self) { try ResultsFile.rows(in: Array(text.utf8)) }
  }

  @Test func `a line with too few fields is refused`() {
    #expect(throws: ResultsError.self) {
      try ResultsFile.rows(in: Array((ResultsFile.header + "kodak,a.png\n").utf8))
    }
  }
}

extension CSV {
  /// The fields of a single line.
  fileprivate static func namesOf(_ line: String) -> [String] {
    (try? records(in: Array(line.utf8)).first) ?? []
  }
}
