import Foundation
import ImageMetrics
import Imaging

/// Times the metrics on two pictures: `MetricsBenchmark REFERENCE DISTORTED REPETITIONS`.
///
/// Prints one line for each suite: its name, the median milliseconds of preparing the reference and
/// of scoring, and its last figure. `compare.py` runs it next to another library.
@main
struct MetricsBenchmark {
  static let suites: [(name: String, metrics: [MetricID])] = [
    ("all", MetricID.allCases), ("ssim", [.ssim]), ("ms_ssim", [.msSSIM]), ("mse", [.mse]),
  ]

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let repetitions = Int(arguments[3]), repetitions > 0 else {
      FileHandle.standardError.write(
        Data("usage: MetricsBenchmark REFERENCE DISTORTED REPETITIONS\n".utf8))
      exit(2)
    }
    let reference = try ImageFile.read(path: arguments[1]).image
    let distorted = try ImageFile.read(path: arguments[2]).image
    for (name, metrics) in suites {
      let suite = MetricSuite(metrics)
      let preparing = median(repetitions) { _ = suite.prepare(reference) }
      let prepared = suite.prepare(reference)
      let scoring = try median(repetitions) { _ = try prepared.scores(of: distorted) }
      let figure = try prepared.scores(of: distorted)[metrics[metrics.count - 1]] ?? .nan
      print(name, preparing, scoring, figure)
    }
  }

  /// The median processor time of a call in milliseconds, after one call to warm up.
  ///
  /// The metrics run on one thread, so this is the wall-clock time on an idle machine.
  static func median(_ repetitions: Int, of work: () throws -> Void) rethrows -> Double {
    try work()
    let times = try (0..<repetitions).map { _ in
      let start = clock()
      try work()
      return Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1000
    }
    return times.sorted()[repetitions / 2]
  }
}
