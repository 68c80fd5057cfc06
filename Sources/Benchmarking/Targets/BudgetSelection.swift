import Codecs
import Results

/// Chooses the rows of a run whose files together keep a budget.
///
/// An ordinary run measures every candidate; this takes its rows, keeps of each image those on the
/// convex hull of squared error over bytes, and chooses at the end. Each codec has the whole budget
/// for itself.
public struct BudgetSelection {
  /// What is written: one row for each image and codec, with the budget as its target.
  public let plan: Plan
  /// What is measured: every image with every codec at each of the candidates.
  public let measurements: Plan

  /// The rows of each image and codec that may be chosen, in the written plan's order.
  private var candidates: [[ResultRow]]
  /// Rows that failed, in case none of an image's succeeds.
  private var failures: [ResultRow?]

  /// The budget of each sweep.
  private let budgets: [Target]

  /// Starts without a row.
  ///
  /// - Parameter plan: sweeps with a budget and candidates, without a shard.
  /// - Returns: `nil` for a plan without a budget.
  /// - Precondition: all sweeps have one or none has, and there is no shard where they have.
  public init?(_ plan: Plan) {
    budgets = plan.sweeps.compactMap { sweep in
      if case .budget(let budget, _) = sweep.points { budget } else { nil }
    }
    if budgets.isEmpty { return nil }
    precondition(budgets.count == plan.sweeps.count, "all sweeps of a plan have a budget, or none")
    precondition(plan.shard == nil, "a budget is one of the whole set")
    self.plan = plan
    measurements = Plan(
      dataset: plan.dataset,
      sweeps: plan.sweeps.map { sweep in
        Plan.Sweep(
          codec: sweep.codec, points: .qualities(sweep.points.qualities),
          counterpart: sweep.counterpart)
      }, metrics: plan.metrics, timingRepeats: plan.timingRepeats, verifies: plan.verifies)
    candidates = Array(repeating: [], count: plan.measurementCount)
    failures = Array(repeating: nil, count: plan.measurementCount)
  }

  /// Takes the row of a measurement.
  ///
  /// - Parameters:
  ///   - row: the row, whatever its status.
  ///   - position: its place in ``measurements``.
  public mutating func add(_ row: ResultRow, at position: Int) {
    let (image, place) = position.quotientAndRemainder(
      dividingBy: measurements.measurementsPerImage)
    var sweep = 0
    var end = measurements.sweeps[0].rowCount
    while place >= end {
      sweep += 1
      end += measurements.sweeps[sweep].rowCount
    }
    let index = image * plan.sweeps.count + sweep
    guard row.status == .ok, Self.squaredError(row) != nil else {
      failures[index] = row
      return
    }
    // Only the hull can be chosen from, which keeps the memory small.
    let rows = candidates[index] + [row]
    candidates[index] = BudgetAllocation.hull(Self.choices(rows)).map { rows[$0.index] }
  }

  /// The chosen rows in the written plan's order.
  ///
  /// An image of which nothing could be measured has a failure row and no share in the budget. Where
  /// even the smallest files exceed it, all rows are `unreachable`.
  public func rows() -> [ResultRow] {
    var rows: [ResultRow?] = failures
    for (sweep, budget) in budgets.enumerated() {
      let places = stride(from: sweep, to: plan.measurementCount, by: plan.sweeps.count)
        .filter { !candidates[$0].isEmpty }
      let images = places.map { candidates[$0] }
      let choices = images.map(Self.choices)
      let allowed = Self.bytes(budget, pixels: images.map { Self.pixelCount($0[0]) }.reduce(0, +))
      let allocation = BudgetAllocation(choices, budget: allowed)
      for (image, place) in places.enumerated() {
        var row = images[image][allocation?.chosen[image] ?? 0]
        if allocation == nil {
          let least = images.map { $0[0].encodedBytes ?? 0 }.reduce(0, +)
          row.status = .unreachable
          row.message =
            "\(budget.text) is out of reach, the smallest files of \(row.subject.codec) "
            + "have \(least) bytes together"
        }
        rows[place] = row
      }
    }
    return zip(rows.indices, rows).compactMap { place, row in
      var row = row
      row?.subject.target = budgets[place % budgets.count]
      return row
    }
  }

  /// The budget in bytes.
  private static func bytes(_ budget: Target, pixels: Int) -> Int {
    let bytes =
      budget.figure == .totalBytes ? budget.value : budget.value * Double(pixels) / 8
    return Int(min(bytes, 0x1p53).rounded(.down))
  }

  private static func choices(_ rows: [ResultRow]) -> [BudgetAllocation.Choice] {
    rows.enumerated().map { index, row in
      BudgetAllocation.Choice(
        index: index, bytes: row.encodedBytes ?? 0, squaredError: squaredError(row) ?? 0)
    }
  }

  private static func pixelCount(_ row: ResultRow) -> Int {
    (row.subject.width ?? 0) * (row.subject.height ?? 0)
  }

  /// Mean squared error times pixels: pictures of any size count by their pixels.
  private static func squaredError(_ row: ResultRow) -> Double? {
    row.scores[.mse].map { $0 * Double(pixelCount(row)) }
  }
}

extension QualityScale {
  /// The recommended sweep with further values between its neighbours, for choices that need a
  /// finer grid than a curve.
  ///
  /// - Parameter divisions: into how many parts each distance is divided, at least 1; fewer where
  ///   the scale's steps are coarser.
  public func denseSweep(divisions: Int = 4) -> [Double] {
    var dense: [Double] = []
    for (from, to) in zip(recommendedSweep, recommendedSweep.dropFirst()) {
      for part in 0..<divisions {
        var value = from + (to - from) * Double(part) / Double(divisions)
        if let step {
          value = range.lowerBound + ((value - range.lowerBound) / step).rounded() * step
        }
        if part == 0 { value = from }
        if !dense.contains(where: { abs($0 - value) < (step ?? 0) / 2 || $0 == value }) {
          dense.append(value)
        }
      }
    }
    return dense + recommendedSweep.suffix(1)
  }
}
