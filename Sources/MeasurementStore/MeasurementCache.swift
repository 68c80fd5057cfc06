import Synchronization

/// A run's use of a store: what was measured before under the same conditions, and what is measured now.
///
/// A run never ends because of its store. Should the store fail in the middle, say because the disk is
/// full, the run goes on without it and ``failure`` says why.
public final class MeasurementCache: Sendable {
  /// How many rows needed no new measurement.
  public struct Counts: Sendable, Equatable, Codable {
    /// Rows that came from the store as they are.
    public var reusedRows = 0
    /// Rows whose stored bytes were decoded and scored by metrics that were new to the store.
    public var rescoredRows = 0

    /// Makes counts of nothing.
    public init() {}
  }

  private struct State {
    var counts = Counts()
    var failure: StoreError?
  }

  /// The store.
  public let store: MeasurementStore
  private let conditions: TimingConditions
  private let state = Mutex(State())

  /// Lets a run use a store.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - conditions: how the run times codecs; seconds that were measured otherwise are not re-used,
  ///     the codec runs again.
  public init(_ store: MeasurementStore, conditions: TimingConditions) {
    self.store = store
    self.conditions = conditions
  }

  /// How many rows needed no new measurement so far.
  public var counts: Counts { state.withLock { $0.counts } }

  /// Why the run went on without its store, or `nil` while all is well.
  public var failure: StoreError? { state.withLock { $0.failure } }

  /// What is known of a measurement, timed under the run's conditions; `nil` when it must be made.
  package func measurement(_ key: MeasurementKey, threadCount: Int) -> StoredMeasurement? {
    let conditions = conditions.text(threadCount: threadCount)
    let found = unlessFailed { () throws(StoreError) in
      try store.measurement(key, conditions: conditions)
    }
    return found.flatMap { $0 }.flatMap { $0.timing == nil ? nil : $0 }
  }

  /// The bytes of a stored measurement; `nil` when they are missing or damaged.
  package func bitstream(of measurement: StoredMeasurement) -> [UInt8]? {
    store.bitstreams.read(measurement.bitstreamSHA256)
  }

  /// Stores a measurement, with its bytes when it is a new one.
  package func put(
    _ measurement: StoredMeasurement, key: MeasurementKey, threadCount: Int,
    bitstream: [UInt8]?, sampleCount: Int
  ) {
    let conditions = conditions.text(threadCount: threadCount)
    unlessFailed { () throws(StoreError) in
      try store.put(
        measurement, key: key, conditions: conditions, bitstream: bitstream,
        sampleCount: sampleCount)
    }
  }

  /// Counts rows.
  package func count(_ kind: WritableKeyPath<Counts, Int> & Sendable) {
    state.withLock { $0.counts[keyPath: kind] += 1 }
  }

  @discardableResult
  private func unlessFailed<Result>(_ work: () throws(StoreError) -> Result) -> Result? {
    guard failure == nil else { return nil }
    do throws(StoreError) {
      return try work()
    } catch {
      state.withLock { if $0.failure == nil { $0.failure = error } }
      return nil
    }
  }
}
