import Codecs
import Foundation
import ImageMetrics
import Imaging
import Synchronization

/// Carries out a plan, several images side by side.
public struct Runner: Sendable {
  /// What happens during a run, in the order in which it happens.
  public enum Event: Sendable {
    /// A measurement ended; `position` is its row's place in the plan, from 0.
    case row(position: Int, ResultRow)
    /// An image holds something worth knowing, such as a colour profile that is ignored.
    case warning(image: String, message: String)
    /// An image is done, or was given up because the run stops.
    case finishedImage(Costs)
  }

  /// Where an image's time went, in wall-clock seconds.
  public struct Costs: Sendable, Equatable {
    /// Reading and unpacking the image file.
    public var reading = 0.0
    /// The codecs' encode and decode calls, warm-up and repeats included.
    public var codecs = 0.0
    /// Preparing the reference and scoring.
    public var metrics = 0.0
    /// Everything: what is left after the other three is the harness itself.
    public var total = 0.0

    /// The harness's own time: planning, copies, digests, rows.
    public var harness: Double { total - reading - codecs - metrics }

    /// Makes costs of nothing.
    public init() {}

    /// Adds up costs.
    public static func += (sum: inout Costs, term: Costs) {
      sum.reading += term.reading
      sum.codecs += term.codecs
      sum.metrics += term.metrics
      sum.total += term.total
    }
  }

  /// Asks a run to stop; what is under way ends, what is measured is kept.
  public final class StopSignal: Sendable {
    private let requested = Atomic(false)

    /// Makes a signal that has not been given.
    public init() {}

    /// Asks the run to stop after the measurements that are under way.
    public func request() { requested.store(true, ordering: .relaxed) }

    /// Whether the run was asked to stop.
    public var isRequested: Bool { requested.load(ordering: .relaxed) }
  }

  private let plan: Plan
  private let jobs: Int
  private let stopSignal: StopSignal
  private let archive: ImageArchive?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - plan: what to measure.
  ///   - jobs: how many images are measured side by side, at least 1.
  ///   - stopSignal: ends the run early when it is given.
  ///   - archive: where pictures are kept, or `nil` to keep none.
  public init(plan: Plan, jobs: Int, stopSignal: StopSignal, archive: ImageArchive? = nil) {
    precondition(jobs >= 1)
    self.plan = plan
    self.jobs = jobs
    self.stopSignal = stopSignal
    self.archive = archive
  }

  /// Starts the run.
  ///
  /// The jobs are threads of their own rather than tasks: codecs block for long, and would keep
  /// the concurrency runtime's few threads from whoever consumes the events.
  ///
  /// - Returns: its events; the stream ends with the run. Pictures in memory: one for each job.
  public func events() -> AsyncStream<Event> {
    AsyncStream { continuation in
      let threadCount = max(1, min(jobs, plan.dataset.images.count))
      let queue = JobQueue(imageCount: plan.dataset.images.count, jobs: threadCount)
      for _ in 0..<threadCount {
        let thread = Thread {
          let host = InProcessHost()
          while !stopSignal.isRequested, let index = queue.next() {
            measure(plan.dataset.images[index], at: index, on: host) { continuation.yield($0) }
          }
          if queue.leave() { continuation.finish() }
        }
        thread.stackSize = 8 << 20
        thread.start()
      }
    }
  }

  /// Hands out images to jobs and knows when the last job has left.
  private final class JobQueue: Sendable {
    private let imageCount: Int
    private let taken = Atomic(0)
    private let jobsLeft: Atomic<Int>

    init(imageCount: Int, jobs: Int) {
      self.imageCount = imageCount
      jobsLeft = Atomic(jobs)
    }

    func next() -> Int? {
      let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
      return index < imageCount ? index : nil
    }

    func leave() -> Bool {
      jobsLeft.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0
    }
  }

  private func measure(
    _ image: DatasetImage, at index: Int, on host: any CodecHost, report: (Event) -> Void
  ) {
    let total = Stopwatch()
    var costs = Costs()
    defer {
      costs.total = total.reading.wall
      report(.finishedImage(costs))
    }
    var position = index * plan.measurementsPerImage

    let loaded: DecodedImage
    do throws(ImageError) {
      loaded = try image.load()
    } catch {
      for (codec, quality) in measurements {
        let row = ResultRow(
          subject: subject(image, codec, quality), status: .encodeFailed,
          message: "the image cannot be read: \(error.message)",
          threads: codec.descriptor.threadCount)
        report(.row(position: position, row))
        position += 1
      }
      return
    }
    for warning in loaded.warnings { report(.warning(image: image.path, message: warning)) }
    costs.reading = total.reading.wall

    let original = loaded.image
    let preparing = Stopwatch()
    let reference = MetricSuite(plan.metrics).prepare(original)
    costs.metrics = preparing.reading.wall
    let digest = SHA256Digest.pixels(of: original)
    archive?.keep(original: original, of: image, in: plan.dataset.name)
    let measurement = Measurement(
      original: original, reference: reference, host: host, timingRepeats: plan.timingRepeats)

    for (codec, quality) in measurements {
      if stopSignal.isRequested { return }
      var subject = subject(image, codec, quality)
      subject.imageSHA256 = digest
      subject.width = original.width
      subject.height = original.height
      let outcome = measurement.outcome(codec, at: quality, subject: subject)
      costs.codecs += outcome.cost.codecs
      costs.metrics += outcome.cost.metrics
      archive?.keep(outcome, of: codec)
      report(.row(position: position, outcome.row))
      position += 1
    }
  }

  private var measurements: [(codec: any Codec, quality: Quality)] {
    plan.sweeps.flatMap { sweep in sweep.qualities.map { (sweep.codec, $0) } }
  }

  private func subject(
    _ image: DatasetImage, _ codec: any Codec, _ quality: Quality
  ) -> ResultRow.Subject {
    let descriptor = codec.descriptor
    return ResultRow.Subject(
      dataset: plan.dataset.name, image: image.path, codec: descriptor.id,
      codecVersion: descriptor.version, parameters: descriptor.parameters.canonical,
      quality: quality)
  }
}
