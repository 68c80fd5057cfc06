import Testing

@testable import NeuralNetworks

@Suite struct WorkspacePoolTests {
  @Test func memoryIsUsedAgain() {
    let pool = WorkspacePool()
    let first = pool.borrow(size: 1_000)
    let address = first.pointer
    pool.giveBack(first)
    #expect(pool.borrow(size: 900).pointer == address)
    #expect(pool.idleSizes == [])
  }

  @Test func theSmallestThatFitsIsTaken() {
    let pool = WorkspacePool()
    let blocks = [300, 100, 200].map { pool.borrow(size: $0) }
    for block in blocks { pool.giveBack(block) }
    #expect(pool.idleSizes == [100, 200, 300])
    #expect(pool.borrow(size: 150).size == 200)
    #expect(pool.idleSizes == [100, 300])
  }

  @Test func oneRunAtATimeKeepsOneBlockWhateverItsSizes() {
    let pool = WorkspacePool()
    for size in [500, 100, 900, 300, 1_200, 1_100] {
      pool.giveBack(pool.borrow(size: size))
      #expect(pool.idleSizes.count == 1)
    }
    #expect(pool.idleSizes == [1_200])
  }

  @Test func runsAtTheSameTimeHaveMemoryOfTheirOwn() async {
    let pool = WorkspacePool()
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          for round in 0..<200 {
            let size = 64 * (1 + (task + round) % 5)
            let block = pool.borrow(size: size)
            let bytes = UnsafeMutableRawBufferPointer(start: block.pointer, count: size)
            bytes.initializeMemory(as: UInt8.self, repeating: UInt8(task))
            let isOurs = bytes.allSatisfy { $0 == UInt8(task) }
            pool.giveBack(block)
            guard isOurs else { return false }
          }
          return true
        }
      }
      for await isOurs in group { #expect(isOurs) }
    }
    #expect(pool.idleSizes.count <= 8)
  }
}
