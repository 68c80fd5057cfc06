import Testing

@testable import NeuralNetworks

@Suite struct MemoryPlanTests {
  @Test func buffersThatLiveTogetherDoNotOverlap() {
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<200 {
      let requests = (0..<12).map { _ in
        let start = random(20)
        return MemoryPlan.Request(size: 1 + random(1_000), lifetime: start...start + random(6))
      }
      let plan = MemoryPlan(requests)
      for (first, a) in requests.enumerated() {
        #expect(plan.offsets[first] % MemoryPlan.alignment == 0)
        #expect(plan.offsets[first] + a.size <= plan.totalSize)
        for (second, b) in requests.enumerated()
        where first < second && a.lifetime.overlaps(b.lifetime) {
          let ranges = (
            plan.offsets[first]..<plan.offsets[first] + a.size,
            plan.offsets[second]..<plan.offsets[second] + b.size
          )
          #expect(!ranges.0.overlaps(ranges.1))
        }
      }
    }
  }

  @Test func aChainNeedsOnlyItsTwoLargestNeighbours() {
    let sizes = [64, 1024, 512, 2048, 128]
    let plan = MemoryPlan(
      sizes.enumerated().map { .init(size: $1, lifetime: $0...$0 + 1) })
    #expect(plan.totalSize == 2048 + 512)
  }
}
