import Foundation

extension PublishedCurve {
  /// Reads a file of published figures in one of four formats, told apart by their content.
  ///
  /// - CompressAI: a JSON object with `name` and `results`, which holds an array `bpp` and one array
  ///   for each metric. Arrays of other things, as times, are passed over.
  /// - TensorFlow Compression: comment lines that name codec, dataset and metric, then a line with
  ///   rate and score for each point.
  /// - Collection: a CSV with the columns `system,dataset,metric,bits_per_pixel,value,rate_kind,
  ///   obtained,source`, the only format with several curves in a file and the only one that says
  ///   whether rates are estimated.
  /// - Two-column CSV: a header row of `bits_per_pixel` (or `bpp`) and the id of a
  ///   ``QualityMeasure``, then the points; lines that begin with `#` are comments.
  ///
  /// - Parameters:
  ///   - text: the file's content.
  ///   - name: what to call a curve whose file does not say, such as the file's name.
  /// - Returns: the curves of the file, at least one.
  /// - Throws: ``PublishedCurveError`` that names what is missing or wrong.
  public static func read(_ text: String, name: String) throws(PublishedCurveError) -> [Self] {
    let start = text.drop(while: \.isWhitespace)
    if start.hasPrefix("{") { return [try readCompressAI(text, name: name)] }
    if start.hasPrefix("# Aggregate rate-distortion data") {
      return [try readTensorFlowCompression(text, name: name)]
    }
    let lines = dataLines(text)
    if let first = lines.first, isCollectionHeader(first.text) {
      return try readCollection(Array(lines.dropFirst()), columns: fields(of: first))
    }
    return [try readTwoColumns(lines, name: name)]
  }

  // MARK: CompressAI

  private struct CompressAIFile: Decodable {
    let name: String?
    let results: [String: [Double]]
  }

  /// The measures of CompressAI's names; a bare `psnr` or `ms-ssim` is of RGB in its older files.
  private static let compressAIMeasures = [
    "psnr-rgb": "psnr_db", "psnr": "psnr_db", "psnr-y": "psnr_y_db",
    "ms-ssim-rgb": "ms_ssim", "ms-ssim": "ms_ssim", "ms-ssim-y": "ms_ssim_y",
    "ms-ssim-rgb-db": "ms_ssim_db",
  ]

  private static func readCompressAI(
    _ text: String, name: String
  ) throws(PublishedCurveError) -> Self {
    guard let file = try? JSONDecoder().decode(CompressAIFile.self, from: Data(text.utf8)) else {
      throw PublishedCurveError(
        message: "the JSON has no “results” with an array of numbers for each metric")
    }
    guard let rates = file.results["bpp"] else {
      throw PublishedCurveError(message: "the JSON has no array “bpp”")
    }
    var points: [String: [RatePoint]] = [:]
    for (key, scores) in file.results.sorted(by: { $0.key < $1.key }) {
      guard let measure = compressAIMeasures[key], points[measure] == nil else { continue }
      guard scores.count == rates.count else {
        throw PublishedCurveError(
          message: "“\(key)” has \(scores.count) numbers and “bpp” has \(rates.count)")
      }
      var list: [RatePoint] = []
      for (rate, score) in zip(rates, scores) { list.append(try point(rate, score)) }
      points[measure] = list
    }
    return try Self(checking: points, label: file.name ?? name, dataset: "")
  }

  // MARK: TensorFlow Compression

  private static let tensorFlowMeasures = [
    "PSNR/sRGB/R'G'B'": "psnr_db", "PSNR/sRGB/Y'": "psnr_y_db",
    "MS-SSIM/sRGB/R'G'B'": "ms_ssim", "MS-SSIM/sRGB/Y'": "ms_ssim_y",
  ]

  private static func readTensorFlowCompression(
    _ text: String, name: String
  ) throws(PublishedCurveError) -> Self {
    guard let title = text.firstMatch(of: /data for "(.+)" on (\S+?)\.?\s*\n/) else {
      throw PublishedCurveError(message: "the first comment does not name the codec and the set")
    }
    guard let column = text.firstMatch(of: /second column contains (.+) values/),
      let measure = tensorFlowMeasures[String(column.1)]
    else {
      throw PublishedCurveError(
        message: "no comment says that the second column holds PSNR or MS-SSIM of sRGB")
    }
    let points = try points(inLines: dataLines(text)[...])
    return try Self(
      checking: [measure: points], label: String(title.1), dataset: String(title.2))
  }

  // MARK: Two columns

  private static func readTwoColumns(
    _ lines: [Line], name: String
  ) throws(PublishedCurveError) -> Self {
    guard let first = lines.first, case let header = try fields(of: first), header.count == 2,
      ["bits_per_pixel", "bpp"].contains(header[0])
    else {
      throw PublishedCurveError(
        message: "the header row should be bits_per_pixel,METRIC, as in bits_per_pixel,psnr_db")
    }
    guard QualityMeasure.all.contains(where: { $0.id == header[1] }) else {
      let ids = QualityMeasure.all.map(\.id).joined(separator: ", ")
      throw PublishedCurveError(message: "there is no metric \(header[1]), there are \(ids)")
    }
    let points = try points(inLines: lines.dropFirst())
    return try Self(checking: [header[1]: points], label: name, dataset: "")
  }

  // MARK: Parts

  /// A line with its number, counted from 1.
  typealias Line = (number: Int, text: Substring)

  /// The lines that are neither empty nor comments, with their numbers.
  private static func dataLines(_ text: String) -> [Line] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { ($0 + 1, $1) }
      .filter { !$0.1.allSatisfy(\.isWhitespace) && !$0.1.hasPrefix("#") }
  }

  /// The fields of a line of comma-separated values without the space around them; a field in
  /// quotation marks may hold commas and doubled marks.
  static func fields(of line: Line) throws(PublishedCurveError) -> [String] {
    var fields = [""]
    var isQuoted = false
    var previous: Character?
    for character in line.text {
      switch character {
      case "\"":
        // Two marks in a row inside quotes stand for one.
        if !isQuoted, previous == "\"" { fields[fields.count - 1].append(character) }
        isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
      previous = character
    }
    guard !isQuoted else {
      throw PublishedCurveError(
        message: "line \(line.number) has a quotation mark that is never closed")
    }
    return fields.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func points(
    inLines lines: ArraySlice<Line>
  ) throws(PublishedCurveError) -> [RatePoint] {
    var points: [RatePoint] = []
    for line in lines {
      let numbers = try fields(of: line).map { Double($0) }
      guard numbers.count == 2, let rate = numbers[0], let score = numbers[1] else {
        throw PublishedCurveError(message: "line \(line.number) is not a rate and a score")
      }
      points.append(try point(rate, score))
    }
    return points
  }

  static func point(_ rate: Double, _ score: Double) throws(PublishedCurveError)
    -> RatePoint
  {
    guard rate.isFinite, rate >= 0, score.isFinite else {
      throw PublishedCurveError(message: "\(rate) bits per pixel at \(score) is no point")
    }
    return RatePoint(rate: BitsPerPixel(rate), score: Score(score), imageCount: 0)
  }

  init(
    checking points: [String: [RatePoint]], label: String, dataset: String,
    rateKind: RateKind = .unstated
  ) throws(PublishedCurveError) {
    guard points.values.contains(where: { !$0.isEmpty }) else {
      throw PublishedCurveError(message: "there is no point of a known metric")
    }
    self.init(
      label: label, dataset: dataset, points: points.filter { !$0.value.isEmpty },
      rateKind: rateKind)
  }
}
