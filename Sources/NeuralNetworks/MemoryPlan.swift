/// Where each buffer of a network lies in one block of memory.
///
/// Two buffers share memory if one is last used before the other is first written. Buffers are
/// placed from the largest to the smallest, each in the tightest gap between those already placed
/// that live at the same time (Pisarchyk and Lee 2020, "greedy by size").
struct MemoryPlan: Equatable {
  /// A buffer's needs.
  struct Request: Equatable {
    /// Bytes.
    var size: Int
    /// The steps during which it must not be overwritten by others.
    var lifetime: ClosedRange<Int>
  }

  /// Cache lines and the widest vectors are 64 bytes.
  static let alignment = 64

  /// The offset of each buffer, in the order of the requests; multiples of ``alignment``.
  private(set) var offsets: [Int]
  /// The size of the block.
  private(set) var totalSize = 0

  /// - Complexity: O(n²) for n buffers.
  init(_ requests: [Request]) {
    offsets = [Int](repeating: 0, count: requests.count)
    let sizes = requests.map { ($0.size + Self.alignment - 1) / Self.alignment * Self.alignment }
    var placed: [Int] = []
    for index in requests.indices.sorted(by: { (sizes[$0], $1) > (sizes[$1], $0) }) {
      let neighbours =
        placed
        .filter { requests[$0].lifetime.overlaps(requests[index].lifetime) }
        .sorted { offsets[$0] < offsets[$1] }
      var best: (offset: Int, gap: Int)?
      var end = 0
      for neighbour in neighbours {
        let gap = offsets[neighbour] - end
        if gap >= sizes[index], gap < best?.gap ?? .max { best = (end, gap) }
        end = max(end, offsets[neighbour] + sizes[neighbour])
      }
      offsets[index] = best?.offset ?? end
      totalSize = max(totalSize, offsets[index] + sizes[index])
      placed.append(index)
    }
  }
}
