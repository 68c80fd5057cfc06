/// A part of a run: every n-th image of its plan, for one of several machines.
///
/// Neighbouring images go to different shards, so that sets sorted by size or subject are divided
/// evenly.
public struct Shard: Sendable, Equatable, Codable {
  /// Which part, from 1 to ``count``.
  public let number: Int
  /// The number of parts.
  public let count: Int

  /// Makes a shard.
  ///
  /// - Returns: `nil` unless `number` is from 1 to `count`.
  public init?(number: Int, count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `2/8`.
  public init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number: number, count: count)
  }

  /// The shard of a task of a Slurm job array, whatever number the array starts with and whatever
  /// distance its numbers have.
  ///
  /// - Parameter environment: with `SLURM_ARRAY_TASK_ID`, `SLURM_ARRAY_TASK_MIN`,
  ///   `SLURM_ARRAY_TASK_COUNT` and, for a distance other than 1, `SLURM_ARRAY_TASK_STEP`.
  /// - Returns: `nil` where they are missing or contradict each other, as in an array of chosen
  ///   numbers (`--array=1,5,7`).
  public init?(slurm environment: [String: String]) {
    func number(_ name: String) -> Int? {
      environment["SLURM_ARRAY_TASK_\(name)"].flatMap { Int($0) }
    }
    guard let id = number("ID"), let first = number("MIN"), let count = number("COUNT") else {
      return nil
    }
    let step = number("STEP") ?? 1
    guard step >= 1, (id - first).isMultiple(of: step) else { return nil }
    if let last = number("MAX"), last - first != (count - 1) * step { return nil }
    self.init(number: (id - first) / step + 1, count: count)
  }

  /// The shard as `2/8`.
  public var text: String { "\(number)/\(count)" }

  /// Whether the image at a place of the plan belongs to this part.
  public func contains(imageAt index: Int) -> Bool { index % count == number - 1 }

  /// The places of the plan's images that belong to this part, ascending.
  public func imageIndexes(of imageCount: Int) -> StrideTo<Int> {
    stride(from: number - 1, to: imageCount, by: count)
  }
}
