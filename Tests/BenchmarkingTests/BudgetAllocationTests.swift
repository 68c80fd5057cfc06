import Testing

@testable import Benchmarking

@Suite struct BudgetAllocationTests {
  private typealias Choice = BudgetAllocation.Choice

  private func choices(_ points: [(bytes: Int, error: Double)]) -> [Choice] {
    points.enumerated().map {
      Choice(index: $0.offset, bytes: $0.element.bytes, squaredError: $0.element.error)
    }
  }

  @Test func `the hull leaves out what no slope would choose`() {
    let hull = BudgetAllocation.hull(
      choices([(50, 40), (10, 100), (30, 90), (20, 60), (50, 35), (60, 38), (90, 10)]))
    #expect(hull.map(\.index) == [1, 3, 4, 6])
  }

  @Test func `points on one line stay one step`() {
    let hull = BudgetAllocation.hull(choices([(10, 30), (20, 20), (30, 10)]))
    #expect(hull.map(\.index) == [0, 2])
  }

  @Test func `bytes go where they remove most error`() throws {
    let easy = choices([(10, 100), (20, 90), (30, 85)])
    let hard = choices([(10, 1000), (20, 500), (30, 300)])
    let allocation = try #require(BudgetAllocation([easy, hard], budget: 40))
    #expect(allocation.chosen == [0, 2])
    #expect(allocation.totalBytes == 40)
  }

  @Test func `what is left is spent on the steps that still fit`() throws {
    let first = choices([(10, 100), (40, 10)])
    let second = choices([(10, 100), (15, 95)])
    let allocation = try #require(BudgetAllocation([first, second], budget: 26))
    #expect(allocation.chosen == [0, 1])
  }

  @Test func `a budget below the smallest files cannot be kept`() {
    #expect(BudgetAllocation([choices([(10, 1)]), choices([(11, 1)])], budget: 20) == nil)
  }

  /// Every allocation on the hulls that a Lagrangian gives is the best of all for its own size.
  @Test(arguments: 1...20)
  func `no other choice of the same size has less error where the budget is met exactly`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(state: seed)
    let images = (0..<4).map { _ in
      choices(
        (1...5).map { ($0 * (5 + Int(10 * random.unit())), 1000 * random.unit() / Double($0)) })
    }
    let smallest = images.map { BudgetAllocation.hull($0)[0].bytes }.reduce(0, +)
    for budget in stride(from: smallest, through: 300, by: 7) {
      let allocation = try #require(BudgetAllocation(images, budget: budget))
      #expect(allocation.totalBytes <= budget)
      let error = zip(images, allocation.chosen).map { $0[$1].squaredError }.reduce(0, +)
      let steepest = images.map(largestStep).max() ?? 0
      // Exhaustive: a hull allocation loses at most one step to the best of all.
      let best = bestError(images[...], budget: budget)
      #expect(error >= best - 1e-9)
      #expect(error - best <= steepest)
    }
  }

  private func largestStep(_ choices: [Choice]) -> Double {
    let hull = BudgetAllocation.hull(choices)
    return zip(hull, hull.dropFirst()).map { $0.squaredError - $1.squaredError }.max() ?? 0
  }

  private func bestError(_ images: ArraySlice<[Choice]>, budget: Int) -> Double {
    guard let first = images.first else { return 0 }
    return first.filter { $0.bytes <= budget }
      .map { $0.squaredError + bestError(images.dropFirst(), budget: budget - $0.bytes) }
      .min() ?? .infinity
  }
}
