import CEntropyCoding

/// One direction of coding: what becomes of a bit whose probability is known.
protocol BitPath {
  /// Takes the bit, or gives it.
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16)
}

extension BinaryRangeEncoder: BitPath {
  @inline(__always)
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16) {
    encode(bit == 1, probabilityOfOne: probabilityOfOne)
  }
}

extension BinaryRangeDecoder: BitPath {
  @inline(__always)
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16) {
    bit = decode(probabilityOfOne: probabilityOfOne) ? 1 : 0
  }
}

/// Walks over a stack of maps in coding order and codes each bit with a network's probability.
///
/// Maps come one after another, each left to right and row by row; bits that are not sent are
/// skipped. Encoder and decoder take the same walk, so they cannot disagree.
public struct ContextNetworkWalk: Sendable {
  /// A position's share in one map.
  public struct Position: Sendable {
    /// Whether the bit is sent.
    public var isSent: Bool
    /// The condition, below ``ContextNetwork/conditionCount``.
    public var condition: Int

    /// Describes a position.
    public init(isSent: Bool, condition: Int) {
      self.isSent = isSent
      self.condition = condition
    }
  }

  private static let fullRowCount = CEntropyCodingFullRows
  private static let patternCount = CEntropyCodingPatterns
  private static let leftPatternCount = CEntropyCodingLeftPatterns
  /// This map and the three before it.
  private static let depth = 4

  private let network: ContextNetwork
  private let width: Int
  private let height: Int
  private let rateStep: Int
  private var map = 0
  /// For each of four maps, in turn, the pattern of the five values around each position; two rows
  /// of zeros above and below save all checks of being inside.
  private var patterns: [UInt8]
  /// The tables of the current map: 17 of whole rows, one of the two values to the left.
  private var tables: [Int16]
  private var biases: [Int16]
  private var sums: [Int16]

  /// Starts before the first map.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - width: the columns of a map.
  ///   - height: the rows of a map.
  ///   - rateStep: the step of the rate, below ``ContextNetwork/rateStepCount``.
  public init(_ network: ContextNetwork, width: Int, height: Int, rateStep: Int) {
    precondition(width > 0 && height > 0, "a map has a position")
    precondition((0..<network.rateStepCount).contains(rateStep), "the network has no such rate")
    self.network = network
    self.width = width
    self.height = height
    self.rateStep = rateStep
    let units = network.weights.firstUnitCount
    patterns = [UInt8](repeating: 0, count: Self.depth * (height + 4) * width)
    tables = [Int16](
      repeating: 0, count: (Self.fullRowCount * Self.patternCount + Self.leftPatternCount) * units)
    biases = [Int16](repeating: 0, count: network.conditionCount * units)
    sums = [Int16](repeating: 0, count: width * units)
  }

  /// Writes the next map.
  ///
  /// - Parameters:
  ///   - bits: the bits of all positions, row by row; those that are not sent do not matter.
  ///   - encoder: where they go.
  ///   - position: what is known about each position.
  public mutating func encodeNextMap(
    _ bits: ArraySlice<UInt8>, to encoder: inout BinaryRangeEncoder,
    position: (Int) -> Position
  ) {
    var bits = bits
    codeNextMap(&bits, &encoder, position)
  }

  /// Reads the next map.
  ///
  /// - Parameters:
  ///   - bits: receives the bits of the positions that are sent.
  ///   - decoder: where they come from.
  ///   - position: what is known about each position.
  public mutating func decodeNextMap(
    _ bits: inout ArraySlice<UInt8>, from decoder: inout BinaryRangeDecoder,
    position: (Int) -> Position
  ) {
    codeNextMap(&bits, &decoder, position)
  }

  mutating func codeNextMap(
    _ bits: inout ArraySlice<UInt8>, _ path: inout some BitPath, _ position: (Int) -> Position
  ) {
    precondition(map < network.mapCount, "the network has no further map")
    precondition(bits.count == width * height, "a map has a bit for each position")
    let units = network.weights.firstUnitCount
    let slotSize = (height + 4) * width
    func slot(_ map: Int) -> Int { (map + Self.depth) % Self.depth * slotSize }
    let current = slot(map)
    for index in current..<current + slotSize { patterns[index] = 0 }

    var isPrepared = false
    var columns: [UInt32] = []
    var offsets = [UInt32](repeating: 0, count: width)
    // The values of the row so far, between two zeros at either end.
    var values = [UInt8](repeating: 0, count: width + 4)
    for row in 0..<height {
      columns.removeAll(keepingCapacity: true)
      for column in 0..<width {
        let found = position(row * width + column)
        guard found.isSent else { continue }
        precondition(
          (0..<network.conditionCount).contains(found.condition), "there is no such condition")
        columns.append(UInt32(column))
        offsets[column] = UInt32(found.condition * units)
      }
      guard !columns.isEmpty else { continue }
      if !isPrepared {
        fillTables()
        isPrepared = true
      }
      var starts: [Int] = []
      for distance in (1..<Self.depth).reversed() {
        starts += (0..<5).map { slot(map - distance) + (row + $0) * width }
      }
      starts += (0..<2).map { current + (row + $0) * width }
      codeRow(
        &bits, bits.startIndex + row * width, &path, columns: columns, offsets: offsets,
        patternStarts: starts, values: &values)
      storePatterns(values, at: current + (row + 2) * width)
      for column in columns { values[Int(column) + 2] = 0 }
    }
    map += 1
  }

  /// Codes the bits of a row: all that does not depend on its own bits first, for the whole row.
  private mutating func codeRow(
    _ bits: inout ArraySlice<UInt8>, _ start: Int, _ path: inout some BitPath, columns: [UInt32],
    offsets: [UInt32], patternStarts: [Int], values: inout [UInt8]
  ) {
    let weights = network.weights
    let units = weights.firstUnitCount
    let level = network.level
    unsafe patterns.withUnsafeBufferPointer { patterns in
      let rows = unsafe patternStarts.map { unsafe patterns.baseAddress! + $0 }
      unsafe CEntropyCodingSumRow(
        level, units, tables, rows, columns, columns.count, biases, offsets, &sums)
    }
    unsafe withLayers { layers in
      unsafe sums.withUnsafeBufferPointer { sums in
        unsafe tables.withUnsafeBufferPointer { tables in
          let leftTable = unsafe tables.baseAddress! + Self.fullRowCount * Self.patternCount * units
          for (index, column) in columns.enumerated() {
            let column = Int(column)
            let left = 3 * Int(values[column]) + Int(values[column + 1])
            let logit = unsafe CEntropyCodingLogit(
              level, layers, sums.baseAddress! + index * units, leftTable + left * units)
            path.code(
              &bits[start + column], probabilityOfOne: network.probability(logit: logit))
            values[column + 2] = 1 + bits[start + column]
          }
        }
      }
    }
  }

  /// The layers of the current map for the C loops.
  private func withLayers(_ body: (UnsafePointer<CEntropyCodingLayers>) -> Void) {
    let weights = network.weights
    let (first, second) = (weights.firstUnitCount, weights.secondUnitCount)
    let biases = weights.secondBiases[map * second..<(map + 1) * second].map {
      $0 + ContextNetwork.Weights.half(weights.shifts[1])
    }
    unsafe network.secondPairs.withUnsafeBufferPointer { pairs in
      unsafe network.thirdPairs.withUnsafeBufferPointer { third in
        unsafe biases.withUnsafeBufferPointer { biases in
          var layers = unsafe CEntropyCodingLayers(
            firstUnits: first, secondUnits: second,
            secondWeights: pairs.baseAddress! + map * first * second,
            secondBiases: biases.baseAddress!,
            thirdWeights: third.baseAddress! + 2 * map * second,
            thirdBias: weights.thirdBiases[map]
              + ContextNetwork.Weights.half(weights.shifts[2]),
            firstShift: weights.shifts[0], secondShift: weights.shifts[1],
            thirdShift: weights.shifts[2])
          unsafe body(&layers)
        }
      }
    }
  }

  /// Prepares the tables and biases of the current map.
  private mutating func fillTables() {
    let weights = network.weights
    let units = weights.firstUnitCount
    let start = map * ContextNetwork.contextSize * units
    unsafe weights.zeros.withUnsafeBufferPointer { zeros in
      unsafe weights.ones.withUnsafeBufferPointer { ones in
        unsafe tables.withUnsafeMutableBufferPointer { tables in
          for row in 0...Self.fullRowCount {
            let offset = start + 5 * row * units
            unsafe CEntropyCodingFillTable(
              zeros.baseAddress! + offset, ones.baseAddress! + offset,
              row < Self.fullRowCount ? 5 : 2, units,
              tables.baseAddress! + row * Self.patternCount * units)
          }
        }
      }
    }
    let half = Int16(ContextNetwork.Weights.half(weights.shifts[0]))
    for unit in 0..<units {
      let fixed =
        weights.mapBiases[map * units + unit] + weights.rateBiases[rateStep * units + unit] + half
      for condition in 0..<network.conditionCount {
        biases[condition * units + unit] =
          fixed + weights.conditionBiases[condition * units + unit]
      }
    }
  }

  /// Turns a row's values into the patterns of the five around each.
  private mutating func storePatterns(_ values: [UInt8], at start: Int) {
    var pattern = 0
    for column in 0..<4 { pattern = 3 * pattern + Int(values[column]) }
    for column in 0..<width {
      pattern = (3 * pattern + Int(values[column + 4])) % Self.patternCount
      patterns[start + column] = UInt8(pattern)
    }
  }
}
