import CLibFuzzer

/// libFuzzer's hook for a mutator that knows the format.
///
/// - Parameters:
///   - data: the input, changed in place.
///   - size: its length.
///   - maximumSize: the room at `data`.
///   - seed: decides what happens.
/// - Returns: the new length.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ maximumSize: Int, _ seed: UInt32
) -> Int {
  var generator = SeededGenerator(seed: UInt64(seed))
  let input = unsafe UnsafeMutableBufferPointer(start: data, count: size)
  guard Int.random(in: 0..<8, using: &generator) > 0,
    var fields = FileFields(unsafe Array(input)[...])
  else {
    // What is no file any more, or will be none: bit flips, truncations, wrong lengths.
    return unsafe LLVMFuzzerMutate(data, size, maximumSize)
  }
  let changed = Mutation.allCases.randomElement(using: &generator)?
    .bytes(of: &fields, using: &generator)
  guard let changed, changed.count <= maximumSize else { return size }
  let output = unsafe UnsafeMutableBufferPointer(start: data, count: changed.count)
  _ = unsafe output.update(fromContentsOf: changed)
  return changed.count
}

/// A change that leaves the checksum right.
private enum Mutation: CaseIterable {
  case head, size, hostileSize, importanceMap, codes, bothSections, sectionLengths, wrongLength

  func bytes(of fields: inout FileFields, using generator: inout SeededGenerator) -> [UInt8] {
    switch self {
    case .head:
      // The codec, the flags with the coder, the model or the rate.
      fields.head[Int.random(in: 1..<8, using: &generator)] ^=
        1 << UInt8.random(in: 0..<8, using: &generator)
    case .size:
      // Mostly small, since a large picture keeps the network busy and shows nothing new.
      let most: UInt32 = Int.random(in: 0..<16, using: &generator) == 0 ? 300 : 48
      fields.width = UInt32.random(in: 1...most, using: &generator)
      fields.height = UInt32.random(in: 1...most, using: &generator)
    case .hostileSize:
      let sizes: [UInt32] = [0, 1, 256, 257, 1 << 14, 65_536, 1 << 27, (1 << 28) - 1]
      fields.width = sizes.randomElement(using: &generator) ?? 0
      fields.height = sizes.randomElement(using: &generator) ?? 0
    case .importanceMap: fields.importanceMap = mutated(fields.importanceMap)
    case .codes: fields.codes = mutated(fields.codes)
    case .bothSections:
      fields.importanceMap = mutated(fields.importanceMap)
      fields.codes = mutated(fields.codes)
    case .sectionLengths:
      fields.importanceMap = resized(fields.importanceMap, using: &generator)
      fields.codes = resized(fields.codes, using: &generator)
    case .wrongLength:
      return fields.bytes(sizeError: Int.random(in: -3...3, using: &generator))
    }
    return fields.bytes()
  }

  /// Bytes as libFuzzer changes them, up to 64 longer.
  private func mutated(_ bytes: [UInt8]) -> [UInt8] {
    let capacity = bytes.count + 64
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      _ = unsafe buffer.initialize(from: bytes + [UInt8](repeating: 0, count: 64))
      count = unsafe LLVMFuzzerMutate(start, bytes.count, capacity)
    }
  }

  /// Bytes cut short, or with some more behind them.
  private func resized(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    guard Bool.random(using: &generator) else {
      return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
    }
    let more = (0..<Int.random(in: 1...16, using: &generator)).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    return bytes + more
  }
}
