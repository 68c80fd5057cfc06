/// A block of memory that starts on a cache line.
@safe final class AlignedMemory: @unchecked Sendable {
  // Who writes is decided by the owner: packed weights are written once before they are shared, a
  // workspace belongs to one run at a time.
  let pointer: UnsafeMutableRawPointer
  /// Bytes.
  let size: Int

  init(size: Int) {
    self.size = size
    unsafe pointer = .allocate(byteCount: max(size, 1), alignment: MemoryPlan.alignment)
  }

  deinit { unsafe pointer.deallocate() }
}
