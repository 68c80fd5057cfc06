import CodecWorkers
import Foundation
import MeasurementStore
import Results

/// A run from its plan to its files: goes on where an earlier one was broken off, re-uses what a store
/// holds, measures the rest, and writes `results.csv` and `results.meta.json`.
public struct RunSession: Sendable {
  /// Whether measurements of before are used and new ones kept for later runs.
  public enum StoreUse: Sendable {
    /// Neither.
    case none
    /// Both, in the store of a folder; the run does without one that nobody asked for and that cannot
    /// be used, and warns.
    case of(MeasurementStore.Location)
  }

  /// How a plan is carried out.
  public struct Options: Sendable {
    /// Where the files go; made when it is not there.
    public var folder = "."
    /// Whether the results of another plan may be replaced.
    public var replacesOtherPlans = false
    /// How many images are measured side by side, at least 1.
    public var jobs = 1
    /// Which codecs work in processes of their own.
    public var isolation = Isolation.none
    /// Which measurements of before are used.
    public var store = StoreUse.none
    /// Whether decoded pictures, originals and drawings are kept beside the results.
    public var keepsPictures = false
    /// How many failed measurements end the run, or `nil` for any number.
    public var maximumFailures: Int?
    /// What `results.meta.json` says of how the run was started, the program's name first.
    public var commandLine: [String] = []

    /// Makes the usual options.
    public init() {}
  }

  /// What a run has come to.
  public struct Outcome: Sendable {
    /// Counts, ranges and costs.
    public let report: RunReport
    /// How many rows were not measured.
    public let reuse: RunMetadata.Reuse
    /// The path of the results file.
    public let path: String
    /// From the start to the end, in wall-clock seconds.
    public let wallSeconds: Double
    /// Why pictures are missing, or `nil`: one sentence without a full stop.
    public let pictureFailure: String?
  }

  private let plan: Plan
  private let options: Options
  private let stopSignal: Runner.StopSignal

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - plan: the rows that are wanted.
  ///   - options: how they are made.
  ///   - stopSignal: ends the run early when it is given; what is measured is kept.
  public init(plan: Plan, options: Options, stopSignal: Runner.StopSignal = .init()) {
    precondition(options.jobs >= 1)
    self.plan = plan
    self.options = options
    self.stopSignal = stopSignal
  }

  /// Measures and writes.
  ///
  /// - Throws: ``RunSessionError`` when the store that was asked for cannot be used, when the folder
  ///   cannot be written or holds the results of another plan, and when the disk is full.
  public func run(observer: inout some RunObserver) async throws(RunSessionError) -> Outcome {
    let start = Date()
    let conditions = TimingConditions(timingRepeats: plan.timingRepeats, jobs: options.jobs)
    let identity = RunIdentity(
      plan: plan, conditions: conditions,
      settings: options.isolation.settings
        + (options.keepsPictures ? ["pictures are kept"] : []))
    let cache = try openStore(&observer).map { MeasurementCache($0, conditions: conditions) }
    let archive = options.keepsPictures ? ImageArchive(folder: options.folder) : nil
    do throws(ResultsError) {
      var recorder = try RowRecorder(
        plan: plan, folder: options.folder, identity: identity, force: options.replacesOtherPlans)
      Self.warn(&observer, ofEarlierRunIn: recorder)
      try await measure(&recorder, archive: archive, cache: cache, observer: &observer)
      if let failure = cache?.failure {
        observer.warned("later measurements were not kept for other runs: \(failure.message)")
      }
      let counts = cache?.counts ?? MeasurementCache.Counts()
      let reuse = RunMetadata.Reuse(
        resumedRows: recorder.keptRowCount, reusedRows: counts.reusedRows,
        rescoredRows: counts.rescoredRows)
      let report = recorder.report
      let path = try recorder.close(
        RunMetadata(
          plan: plan, commandLine: options.commandLine, jobs: options.jobs, start: start,
          end: Date(), pixelDigests: report.pixelDigests, rowCount: report.rowCount,
          failureCount: report.failureCount, reuse: reuse, fingerprint: identity.fingerprint,
          curves: report.curves))
      return Outcome(
        report: report, reuse: reuse, path: path, wallSeconds: Date().timeIntervalSince(start),
        pictureFailure: archive?.failure)
    } catch {
      throw RunSessionError(error.message)
    }
  }

  private func openStore(
    _ observer: inout some RunObserver
  ) throws(RunSessionError) -> MeasurementStore? {
    guard case .of(let location) = options.store else { return nil }
    do throws(StoreError) {
      return try MeasurementStore(path: location.path)
    } catch {
      guard !location.isChosen else { throw RunSessionError(error.message) }
      observer.warned("nothing is re-used or kept for later runs: \(error.message)")
      return nil
    }
  }

  private static func warn(
    _ observer: inout some RunObserver, ofEarlierRunIn recorder: RowRecorder
  ) {
    if let path = recorder.rescuedPath {
      observer.warned("another run was broken off; its rows are now in \(path)")
    }
    if recorder.keptRowCount > 0 {
      observer.warned("going on after \(recorder.keptRowCount) rows of a run that was broken off")
    }
  }

  private func measure(
    _ recorder: inout RowRecorder, archive: ImageArchive?, cache: MeasurementCache?,
    observer: inout some RunObserver
  ) async throws(ResultsError) {
    let runner = Runner(
      plan: recorder.plan, jobs: options.jobs, isolation: options.isolation,
      stopSignal: stopSignal, archive: archive, cache: cache,
      keptRowCount: recorder.firstPosition)
    observer.measurementsBegin(
      count: recorder.plan.measurementCount, done: recorder.firstPosition)
    for await event in runner.events() {
      let handlingStart = ContinuousClock.now
      switch event {
      case .row(let position, let row):
        try recorder.add(row, at: position)
        if let maximumFailures = options.maximumFailures,
          recorder.report.failedMeasurementCount >= maximumFailures
        {
          stopSignal.request()
        }
        observer.measured(row)
      case .warning(let image, let message):
        if recorder.report.isNew(warning: message) { observer.warned("\(image): \(message)") }
      case .finishedImage(let costs):
        recorder.report.costs += costs
      }
      // Writing and reporting are the harness's work too.
      recorder.report.costs.total += handlingStart.duration(to: .now) / .seconds(1)
    }
    observer.measurementsEnded()
    try recorder.finish(isComplete: !stopSignal.isRequested)
  }
}

/// Why a run could not start, or not keep what it measured.
public struct RunSessionError: Error, Sendable, Equatable {
  /// What went wrong and what to do: one sentence without a full stop.
  public let message: String

  /// Makes an error from a sentence.
  public init(_ message: String) {
    self.message = message
  }
}
