import Analysis
import Benchmarking
import Results

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
        seconds(curve.encodeSeconds, curve.encodeSpread),
        seconds(curve.decodeSeconds, curve.decodeSpread),
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

  /// Seconds, with the mean relative deviation of the calls where they were timed repeatedly.
  private func seconds(_ sum: Double, _ spread: TimingSpread) -> String {
    let text = fixed(sum, 2)
    return spread.calls > 0 ? "\(text) ±\(fixed(100 * spread.mean, 1)) %" : text
  }

  private func range(_ range: ClosedRange<Double>?, decimals: Int) -> String {
    guard let range else { return "–" }
    let low = fixed(range.lowerBound, decimals)
    let high = fixed(range.upperBound, decimals)
    return low == high ? low : "\(low)–\(high)"
  }
}
