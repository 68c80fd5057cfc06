import Benchmarking

/// The table with which a run ends.
struct RunSummary {
  let report: RunReport
  /// The whole run's wall-clock seconds.
  let wallSeconds: Double

  /// A row for each curve, then where the time went.
  var text: String { curveTable + "\n" + costTable }

  private var curveTable: String {
    var table = TextTable([
      ("codec", .left), ("points", .right), ("failed", .right), ("bits per pixel", .right),
      ("PSNR dB", .right), ("encode s", .right), ("decode s", .right),
    ])
    for curve in report.curves {
      table.add([
        name(of: curve), "\(curve.qualityCount)", "\(curve.failed)",
        range(curve.bitsPerPixel, decimals: 3), range(curve.psnr, decimals: 2),
        fixed(curve.encodeSeconds, 2), fixed(curve.decodeSeconds, 2),
      ])
    }
    return table.text
  }

  private var costTable: String {
    let costs = report.costs
    var table = TextTable([("time spent in", .left), ("seconds", .right), ("share", .right)])
    for (name, seconds) in [
      ("codecs", costs.codecs), ("metrics", costs.metrics), ("reading images", costs.reading),
      ("harness", costs.harness), ("all jobs together", costs.total),
    ] {
      let share = costs.total > 0 ? fixed(100 * seconds / costs.total, 1) + " %" : ""
      table.add([name, fixed(seconds, 2), share])
    }
    table.add(["wall clock", fixed(wallSeconds, 2), ""])
    return table.text
  }

  /// The codec's id, with its parameters where two curves share the id.
  private func name(of curve: RunReport.Curve) -> String {
    let isAlone = report.curves.count { $0.codec == curve.codec } == 1
    return isAlone ? curve.codec : "\(curve.codec) \(curve.parameters)"
  }

  private func range(_ range: ClosedRange<Double>?, decimals: Int) -> String {
    guard let range else { return "–" }
    let low = fixed(range.lowerBound, decimals)
    let high = fixed(range.upperBound, decimals)
    return low == high ? low : "\(low)–\(high)"
  }
}
