import Testing

@testable import Results

@Suite struct ShardTests {
  @Test(arguments: [1, 2, 3, 7, 24, 25])
  func `the parts hold each image once and differ in size by one at most`(count: Int) throws {
    let shards = try (1...count).map { try #require(Shard(number: $0, count: count)) }
    let parts = shards.map { Array($0.imageIndexes(of: 24)) }
    #expect(parts.flatMap(\.self).sorted() == Array(0..<24))
    let sizes = parts.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    for (shard, part) in zip(shards, parts) {
      #expect((0..<24).filter(shard.contains) == part)
    }
  }

  @Test func `a shard is written as number and count`() {
    #expect(Shard(text: "2/8") == Shard(number: 2, count: 8))
    #expect(Shard(text: "2/8")?.text == "2/8")
  }

  @Test(arguments: ["", "0/4", "5/4", "1", "1/", "a/b", "1/2/3", "-1/4", "1/0"])
  func `anything else is no shard`(text: String) {
    #expect(Shard(text: text) == nil)
  }

  @Test(arguments: [
    (["ID": "0", "MIN": "0", "MAX": "3", "COUNT": "4"], "1/4"),
    (["ID": "4", "MIN": "1", "MAX": "4", "COUNT": "4"], "4/4"),
    (["ID": "20", "MIN": "10", "MAX": "30", "COUNT": "3", "STEP": "10"], "2/3"),
  ])
  func `the tasks of a Slurm array are its shards`(variables: [String: String], shard: String) {
    #expect(Shard(slurm: slurm(variables))?.text == shard)
  }

  @Test(arguments: [
    [:], ["ID": "1"], ["ID": "5", "MIN": "1", "MAX": "7", "COUNT": "3"],
    ["ID": "9", "MIN": "1", "MAX": "4", "COUNT": "4"],
  ])
  func `an array with gaps has no shards`(variables: [String: String]) {
    #expect(Shard(slurm: slurm(variables)) == nil)
  }

  private func slurm(_ variables: [String: String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: variables.map { ("SLURM_ARRAY_TASK_\($0.key)", $0.value) })
  }
}
