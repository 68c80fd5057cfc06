import NeuralNetworks
import Synchronization

/// The networks of a codec, each compiled once for a size of window and used by all calls.
///
/// Pictures of one size have the same few windows, so a sweep compiles nothing after its first
/// picture. Compiling takes some hundredths of a second and a compiled network some megabytes, so what
/// is kept grows with the calls that are made at one time: each finds its own networks again, however
/// many pictures of other sizes the others work on. What is kept changes how long a call takes, never
/// its result.
package final class NetworkCache<Part: Hashable & Sendable>: Sendable {
  private struct Key: Hashable {
    let part: Part
    let digest: [UInt8]
    let height: Int
    let width: Int
  }

  /// A place for a network, which the first that needs it fills while others wait.
  private final class Slot: Sendable {
    let network = Mutex<Network?>(nil)
  }

  private struct Entries {
    var slots: [Key: (slot: Slot, lastUse: Int)] = [:]
    var useCount = 0
    var runCount = 0
    /// The most runs at one time so far.
    var highestRunCount = 1
  }

  private let leastCapacity: Int
  private let networksPerRun: Int
  private let entries = Mutex(Entries())

  /// An empty cache; when it is full, the network that was used longest ago makes way.
  ///
  /// - Parameters:
  ///   - leastCapacity: how many networks are kept in any case, at least 1.
  ///   - networksPerRun: how many are kept for each run that is made at the same time as others: a
  ///     picture cut in both directions has nine sizes of windows, and a codec two networks.
  package init(leastCapacity: Int = 32, networksPerRun: Int = 18) {
    precondition(leastCapacity > 0 && networksPerRun > 0, "a cache keeps something")
    self.leastCapacity = leastCapacity
    self.networksPerRun = networksPerRun
  }

  /// Does the work of one run over a picture's windows, which counts as one of those at one time.
  func run<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) {
    entries.withLock { entries in
      entries.runCount += 1
      entries.highestRunCount = max(entries.highestRunCount, entries.runCount)
    }
    defer { entries.withLock { $0.runCount -= 1 } }
    try work()
  }

  /// The network for windows of `height` × `width` positions.
  ///
  /// - Parameters:
  ///   - part: which of the model's networks.
  ///   - digest: the SHA-256 of the model file.
  ///   - height: rows of positions.
  ///   - width: columns of positions.
  ///   - layers: the network's layers, always on the same engine for one value of this type.
  /// - Throws: `NeuralNetworkError` when oneDNN refuses.
  package func network(
    _ part: Part, of digest: [UInt8], height: Int, width: Int, layers: () -> NetworkBuilder
  ) throws(NeuralNetworkError) -> Network {
    let key = Key(part: part, digest: digest, height: height, width: width)
    return try slot(key).network.withLock { (network) throws(NeuralNetworkError) in
      if let network { return network }
      let compiled = try Network(layers())
      network = compiled
      return compiled
    }
  }

  private func slot(_ key: Key) -> Slot {
    entries.withLock { entries in
      entries.useCount += 1
      if let known = entries.slots[key]?.slot {
        entries.slots[key]?.lastUse = entries.useCount
        return known
      }
      if entries.slots.count >= max(leastCapacity, networksPerRun * entries.highestRunCount),
        let oldest = entries.slots.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        entries.slots[oldest.key] = nil
      }
      let slot = Slot()
      entries.slots[key] = (slot, entries.useCount)
      return slot
    }
  }
}
