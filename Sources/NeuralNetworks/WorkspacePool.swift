import Synchronization

/// Memory for runs, kept for the next run in place of being given back to the system.
///
/// Fresh memory costs a page fault for every 4 KiB, which is a good part of a run in bf16. There are
/// never more blocks than runs at one time, and none is larger than the largest run needed, so
/// pictures of many sizes take no more memory than those of the largest.
final class WorkspacePool: Sendable {
  private let idle = Mutex<[AlignedMemory]>([])

  /// A block of at least `size` bytes that nobody else uses, with any content.
  ///
  /// The smallest that fits is taken. If none fits, the largest of the idle ones makes way for a new
  /// one.
  func borrow(size: Int) -> AlignedMemory {
    let kept = idle.withLock { idle -> AlignedMemory? in
      if let index = idle.firstIndex(where: { $0.size >= size }) { return idle.remove(at: index) }
      _ = idle.popLast()
      return nil
    }
    return kept ?? AlignedMemory(size: size)
  }

  /// Takes back what ``borrow(size:)`` gave.
  func giveBack(_ memory: AlignedMemory) {
    idle.withLock { idle in
      let index = idle.firstIndex { $0.size >= memory.size } ?? idle.endIndex
      idle.insert(memory, at: index)
    }
  }

  /// The sizes of the idle blocks, from small to large.
  var idleSizes: [Int] { idle.withLock { $0.map(\.size) } }
}
