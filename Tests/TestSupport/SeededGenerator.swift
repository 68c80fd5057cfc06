import Statistics

/// The random numbers of the tests: the same for the same seed in every run and everywhere.
package typealias SeededGenerator = SplitMix64

extension SplitMix64 {
  /// Starts a sequence of its own for each seed.
  package init(seed: UInt64) { self.init(state: seed) }
}
