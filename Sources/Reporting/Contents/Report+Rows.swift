import Datasets
import ImageMetrics
import RateDistortion
import Results

extension Report {
  /// A configuration of a codec, or a published curve.
  public struct Curve: Encodable, Sendable {
    let label: String
    /// What stands behind the name of a published curve; empty for one of ours.
    let remark: String
    /// Whether every picture came back as it was, so that there is no curve to draw.
    var lossless = false
    var version = ""
    var parameters = ""
    var threads = 1
    var qualities: [Double] = []
    /// The smallest and the largest rate, or empty.
    var rates: [Double] = []
    var measurements = 0
    var failures = 0
  }

  /// The rows of the results, column by column.
  public struct Rows: Encodable, Sendable {
    var curve: [Int] = []
    var image: [Int] = []
    var quality: [Double?] = []
    var bitsPerPixel: [Double?] = []
    /// One column for each measure of the report.
    var scores: [[Double?]] = []
    var encodeSeconds: [Double?] = []
    var decodeSeconds: [Double?] = []
    var status: [String] = []
    var message: [String] = []
  }

  /// Starts a report with the rows of one or several results files.
  ///
  /// - Parameters:
  ///   - title: the heading.
  ///   - rows: all rows, each with the curve that it belongs to.
  ///   - published: curves from the literature.
  ///   - labels: the names of all curves.
  public init(
    title: String, rows: [(key: CurveKey, row: ResultRow)], published: [PublishedCurve],
    labels: CurveLabels
  ) {
    self.title = title
    var keys = Positions<CurveKey>()
    var subjects = Positions<[String]>()
    var curves: [Curve] = []
    var images: [ImageEntry] = []
    var table = Rows()
    for (key, row) in rows {
      let curve = keys.position(of: key)
      if curve == curves.count { curves.append(Curve(label: labels[key], remark: "")) }
      curves[curve].add(row)
      let image = subjects.position(of: [row.subject.dataset, row.subject.image])
      if image == images.count { images.append(ImageEntry(row.subject)) }
      table.add(row, curve: curve, image: image)
    }
    for index in curves.indices {
      let own = rows.lazy.map(\.row).enumerated().filter { table.curve[$0.offset] == index }
      let finished = own.map(\.element).filter { $0.status == .ok }
      curves[index].lossless =
        !finished.isEmpty && finished.allSatisfy { $0.measurement(of: .psnr).isLossless }
    }
    for entry in published where keys.position(of: entry.key) == curves.count {
      curves.append(Curve(label: labels[entry.key], remark: entry.remark))
    }
    self.curves = curves
    self.images = images
    self.rows = table
    let names = images.map(\.dataset)
    datasets = names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map { _, name in
      Dataset(name: name, imageCount: names.count { $0 == name })
    }
  }
}

extension Report.ImageEntry {
  fileprivate init(_ subject: ResultRow.Subject) {
    self.init(
      dataset: subject.dataset, name: subject.image, width: subject.width, height: subject.height)
  }
}

extension Report.Curve {
  fileprivate mutating func add(_ row: ResultRow) {
    version = row.subject.codecVersion
    parameters = row.subject.parameters
    threads = row.threads
    measurements += 1
    if row.status != .ok { failures += 1 }
    if let quality = row.subject.quality.number, !qualities.contains(quality) {
      qualities.append(quality)
    }
    guard row.status == .ok, let rate = row.bitsPerPixel, rate.isFinite else { return }
    rates = [min(rates.first ?? rate, rate), max(rates.last ?? rate, rate)]
  }
}

extension Report.Rows {
  fileprivate mutating func add(_ row: ResultRow, curve: Int, image: Int) {
    self.curve.append(curve)
    self.image.append(image)
    quality.append(row.subject.quality.number)
    bitsPerPixel.append(row.bitsPerPixel.flatMap { $0.isFinite ? $0 : nil })
    encodeSeconds.append(row.timing?.encodeSeconds)
    decodeSeconds.append(row.timing?.decodeSeconds)
    status.append(row.status.rawValue)
    message.append(row.message)
  }
}

/// Numbers values in the order in which they first come up.
struct Positions<Value: Hashable> {
  private var positions: [Value: Int] = [:]

  /// The value's number; a new one gets the next.
  mutating func position(of value: Value) -> Int {
    if let position = positions[value] { return position }
    positions[value] = positions.count
    return positions.count - 1
  }
}
