import Benchmarking
import CodecWorkers
import Codecs
import Datasets
import Foundation
import HostileCodecs
import ImageMetrics

/// A program around the harness whose codecs misbehave: the workers of the isolation tests, and a
/// parent of workers that a test can kill.
///
/// `HostileProgram worker [--memory-limit BYTES]` is a worker.
/// `HostileProgram run FOLDER CODEC SECONDS` measures a folder of pictures with two workers, whose
/// calls may take so long.
@main
enum HostileProgram {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "worker":
      let limit = arguments.firstIndex(of: "--memory-limit").flatMap { Int(arguments[$0 + 1]) }
      guard var worker = Worker(registry: HostileCodec.registry, residentBytes: limit) else {
        fatalError("a worker is started by a run")
      }
      worker.run()
    case "run":
      try await run(folder: arguments[2], spec: arguments[3], seconds: Double(arguments[4]) ?? 600)
    default:
      fatalError("neither worker nor run")
    }
  }

  private static func run(folder: String, spec: String, seconds: Double) async throws {
    let plan = Plan(
      dataset: try await DatasetLocator(roots: [], mayFetch: false).dataset(folder),
      sweeps: [
        Plan.Sweep(
          codec: try HostileCodec.registry.codec(spec: spec), points: .qualities([.value(50)]))
      ],
      metrics: [.mse])
    let isolation = Isolation(
      scope: .allCodecs, launch: .thisProgram(["worker"]),
      limits: .init(callSeconds: seconds))
    let runner = Runner(plan: plan, jobs: 2, isolation: isolation, stopSignal: .init())
    for await case .row(_, let row) in runner.events() {
      print(row.status.rawValue, row.message)
    }
  }
}
