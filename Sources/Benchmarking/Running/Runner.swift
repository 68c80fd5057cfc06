import CodecWorkers
import Codecs
import Datasets
import Foundation
import ImageMetrics
import Imaging
import MeasurementStore
import Results
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

    /// The event with the number of jobs in its row.
    fileprivate func adding(jobs: Int) -> Event {
      guard case .row(let position, var row) = self else { return self }
      row.jobs = jobs
      return .row(position: position, row)
    }
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
  private let isolation: Isolation
  private let stopSignal: StopSignal
  private let archive: ImageArchive?
  private let cache: MeasurementCache?
  private let keptRowCount: Int

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - plan: what to measure.
  ///   - jobs: how many images are measured side by side, at least 1.
  ///   - isolation: which codecs work in processes of their own; none unless told otherwise.
  ///   - stopSignal: ends the run early when it is given.
  ///   - archive: where pictures are kept, or `nil` to keep none.
  ///   - cache: what was measured before, or `nil` to measure everything.
  ///   - keptRowCount: how many rows at the beginning of the plan are there already; they are neither
  ///     measured nor reported.
  public init(
    plan: Plan, jobs: Int, isolation: Isolation = .none, stopSignal: StopSignal,
    archive: ImageArchive? = nil, cache: MeasurementCache? = nil, keptRowCount: Int = 0
  ) {
    precondition(jobs >= 1)
    self.plan = plan
    self.jobs = jobs
    self.isolation = isolation
    self.stopSignal = stopSignal
    self.archive = archive
    self.cache = cache
    self.keptRowCount = keptRowCount
  }

  /// Starts the run.
  ///
  /// The jobs are threads of their own rather than tasks: codecs block for long, and would keep
  /// the concurrency runtime's few threads from whoever consumes the events.
  ///
  /// - Returns: its events; the stream ends with the run. Pictures in memory: one for each job.
  public func events() -> AsyncStream<Event> {
    AsyncStream { continuation in
      let firstImage = keptRowCount / max(1, plan.measurementsPerImage)
      let images = min(firstImage, plan.images.count)..<plan.images.count
      let threadCount = max(1, min(jobs, images.count))
      let queue = JobQueue(images, jobs: threadCount)
      for _ in 0..<threadCount {
        let thread = Thread {
          do {
            // The job's worker process ends with this block, before the run does.
            let host = isolation.makeHost(isAlone: threadCount == 1)
            while !stopSignal.isRequested, let index = queue.next() {
              measure(plan.images[index], at: index, on: host) { event in
                continuation.yield(event.adding(jobs: jobs))
              }
            }
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
    private let end: Int
    private let nextImage: Atomic<Int>
    private let jobsLeft: Atomic<Int>

    init(_ images: Range<Int>, jobs: Int) {
      end = images.upperBound
      nextImage = Atomic(images.lowerBound)
      jobsLeft = Atomic(jobs)
    }

    func next() -> Int? {
      let index = nextImage.wrappingAdd(1, ordering: .relaxed).oldValue
      return index < end ? index : nil
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
    let firstPosition = index * plan.measurementsPerImage
    let points = zip(firstPosition..., plan.points).drop { $0.0 < keptRowCount }

    let loaded: DecodedImage
    do throws(ImageError) {
      loaded = try image.load()
    } catch {
      for (position, (sweep, point)) in points {
        let subject = plan.subject(image, sweep: sweep, point: point)
        let row = ResultRow(
          subject: subject, status: .encodeFailed,
          message: "the image cannot be read: \(error.message)",
          threads: plan.sweeps[sweep].codec.descriptor.threadCount)
        report(.row(position: position, row))
      }
      return
    }
    for warning in loaded.warnings { report(.warning(image: image.path, message: warning)) }
    costs.reading = total.reading.wall

    archive?.keep(original: loaded.image, of: image, in: plan.dataset.name)
    let measurer = ImageMeasurer(
      path: image.path, original: loaded.image, plan: plan, host: host, cache: cache,
      needsPictures: archive != nil || plan.verifies)
    var reviewCost = 0.0
    defer {
      costs.codecs = measurer.cost.codecs + reviewCost
      costs.metrics = measurer.cost.metrics
    }
    var searches: [Int: TargetedMeasurements] = [:]
    var measured: [MeasuredRow] = []
    for (position, (sweepIndex, point)) in points {
      if stopSignal.isRequested { return }
      let sweep = plan.sweeps[sweepIndex]
      var outcome: Measurement.Outcome
      switch point {
      case .quality(let quality):
        outcome = measurer.outcome(sweep.codec, at: quality)
      case .target(let target):
        let row = searches[sweepIndex, default: TargetedMeasurements(sweep, in: plan)]
          .row(for: target) { quality in
            stopSignal.isRequested ? nil : measurer.outcome(sweep.codec, at: quality).row
          }
        guard let row else { return }
        outcome = Measurement.Outcome(row: row)
        if archive != nil || plan.isReviewed {
          outcome = measurer.outcome(sweep.codec, at: row.subject.quality)
          outcome.row = row
        }
      }
      archive?.keep(outcome, of: sweep.codec)
      if plan.isReviewed {
        measured.append(MeasuredRow(outcome, position: position, sweep: sweep))
      } else {
        report(.row(position: position, outcome.row))
      }
    }
    reviewCost = review(&measured, of: loaded.image, on: host)
    if stopSignal.isRequested { return }
    for entry in measured {
      if entry.isNew {
        measurer.keep(entry.row, bytes: entry.bytes, of: entry.codec, at: entry.row.subject.quality)
      }
      report(.row(position: entry.position, entry.row))
    }
  }

  /// Times the calls of an image's measurements repeatedly and verifies them, as the plan wants.
  ///
  /// - Returns: what that took, in wall-clock seconds.
  private func review(
    _ measured: inout [MeasuredRow], of image: Image, on host: any CodecHost
  ) -> Double {
    var seconds = 0.0
    let isStopped = { stopSignal.isRequested }
    if plan.timingRepeats > 0 {
      let rounds = TimingRounds(original: image, host: host, count: plan.timingRepeats)
      seconds += rounds.time(&measured, unless: isStopped)
    }
    if plan.verifies {
      // A host of its own: where codecs are isolated, a process that has done nothing before.
      let verification = Verification(original: image, host: isolation.makeHost(isAlone: false))
      seconds += verification.verify(&measured, unless: isStopped)
    }
    return seconds
  }
}
