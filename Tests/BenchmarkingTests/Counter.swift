import Synchronization

/// Counts from any thread.
final class Counter: Sendable {
  private let count = Atomic(0)

  func increment() { count.add(1, ordering: .relaxed) }

  var value: Int { count.load(ordering: .relaxed) }
}

/// Remembers numbers from any thread.
final class Recorder: Sendable {
  private let numbers = Mutex<[Double]>([])

  func add(_ number: Double) { numbers.withLock { $0.append(number) } }

  var values: [Double] { numbers.withLock { $0 } }
}
