import CEntropyCoding

/// One direction of coding: what becomes of a bit whose probability is known.
protocol BitPath {
  /// Takes the bit, or gives it.
  ///
  /// - Parameter index: where in the network's table the probability is.
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16, index: Int)
}

extension BinaryRangeEncoder: BitPath {
  @inline(__always)
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16, index: Int) {
    encode(bit == 1, probabilityOfOne: probabilityOfOne)
  }
}

extension BinaryRangeDecoder: BitPath {
  @inline(__always)
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16, index: Int) {
    bit = decode(probabilityOfOne: probabilityOfOne) ? 1 : 0
  }
}

/// Finds limits in place of bits, and decides and writes these.
private struct DecidingPath: BitPath {
  var encoder = BinaryRangeEncoder()

  @inline(__always)
  mutating func code(_ bit: inout UInt8, probabilityOfOne: UInt16, index: Int) {
    bit = index >= ContextNetworkWalk.leastIndex(ofLimit: bit) ? 1 : 0
    encoder.encode(bit == 1, probabilityOfOne: probabilityOfOne)
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

  private static let linkPatternCount = CEntropyCodingLinkPatterns
  private static let linksInTable = CEntropyCodingLinksInTable
  /// How many values each row of the context has, in the order of the weights: three rows in each of
  /// three maps before, in this map two above, then those to the left.
  private static let rowLengths = [3, 3, 3, 3, 3, 3, 3, 3, 3, 5, 5, 2]
  /// Where the table of each row begins, and after them those of linked maps, in unit rows.
  private static let tableStarts = rowLengths.reduce(into: [0]) { starts, length in
    starts.append(starts.last! + (0..<length).reduce(1) { count, _ in 3 * count })
  }

  private let network: ContextNetwork
  private let width: Int
  private let height: Int
  private let rateStep: Int
  private var map = 0
  /// For each of four maps, in turn, the pattern of the three values around each position; a row of
  /// zeros above and below saves all checks of being inside.
  private var threes: [UInt8]
  /// For the current map the pattern of the five values around each position, below two rows of zeros.
  private var fives: [UInt8]
  /// For each eight maps to which later ones are linked, their bits at each position, the lowest first.
  private var links: [UInt8]
  /// The tables of the current map: one for each row of the context, then those of linked maps.
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
    threes = [UInt8](repeating: 0, count: ContextNetwork.depth * (height + 2) * width)
    fives = [UInt8](repeating: 0, count: (height + 2) * width)
    let linkTables = Self.linkTableCount(network.mapCount - 1)
    links = [UInt8](repeating: 0, count: linkTables * height * width)
    tables = [Int16](
      repeating: 0, count: Self.tableStart(Self.rowLengths.count + linkTables) * units)
    biases = [Int16](repeating: 0, count: network.conditionCount * units)
    sums = [Int16](repeating: 0, count: width * units)
  }

  /// Where a table begins, in unit rows.
  private static func tableStart(_ table: Int) -> Int {
    table < tableStarts.count
      ? tableStarts[table]
      : tableStarts[rowLengths.count] + (table - rowLengths.count) * linkPatternCount
  }

  /// How many tables the maps take to which a map is linked.
  private static func linkTableCount(_ map: Int) -> Int {
    (max(0, map - ContextNetwork.depth + 1) + linksInTable - 1) / linksInTable
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

  /// Decides the bits of the next map by what they cost, and writes them.
  ///
  /// A bit becomes one where the network's index in its table of probabilities is at least the
  /// limit, in 255ths of the table: 0 is a one whatever it costs, 255 a zero, and between them a one
  /// needs the more probability the higher the limit is.
  ///
  /// - Parameters:
  ///   - limits: the limits of all positions, row by row, which become bits where they are sent.
  ///   - encoder: where the bits go.
  ///   - position: what is known about each position.
  public mutating func decideNextMap(
    _ limits: inout ArraySlice<UInt8>, to encoder: inout BinaryRangeEncoder,
    position: (Int) -> Position
  ) {
    var path = DecidingPath()
    swap(&path.encoder, &encoder)
    codeNextMap(&limits, &path, position)
    swap(&path.encoder, &encoder)
  }

  /// The table index from which on a bit of a limit is one.
  @inline(__always)
  static func leastIndex(ofLimit limit: UInt8) -> Int {
    Int(limit) * ContextNetwork.probabilityCount / 255
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
    let slotSize = (height + 2) * width
    let depth = ContextNetwork.depth
    func slot(_ map: Int) -> Int { (map + depth) % depth * slotSize }
    let current = slot(map)
    for index in current..<current + slotSize { threes[index] = 0 }
    for index in fives.indices { fives[index] = 0 }

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
      for distance in (1..<depth).reversed() {
        starts += (0..<3).map { slot(map - distance) + (row + $0) * width }
      }
      codeRow(
        &bits, row: row, &path, columns: columns, offsets: offsets, threeStarts: starts,
        values: &values)
      storePatterns(values, row: row, at: current + (row + 1) * width)
      storeLinks(values, row: row, columns: columns)
      for column in columns { values[Int(column) + 2] = 0 }
    }
    map += 1
  }

  /// Codes the bits of a row: all that does not depend on its own bits first, for the whole row.
  private mutating func codeRow(
    _ bits: inout ArraySlice<UInt8>, row: Int, _ path: inout some BitPath, columns: [UInt32],
    offsets: [UInt32], threeStarts: [Int], values: inout [UInt8]
  ) {
    let units = network.weights.firstUnitCount
    let level = network.level
    let linkTableCount = Self.linkTableCount(map)
    // All tables but that of the values to the left.
    let known =
      Array(0..<Self.rowLengths.count - 1)
      + (0..<linkTableCount).map { Self.rowLengths.count + $0 }
    unsafe threes.withUnsafeBufferPointer { threes in
      unsafe fives.withUnsafeBufferPointer { fives in
        unsafe links.withUnsafeBufferPointer { links in
          var patterns = unsafe threeStarts.map { unsafe threes.baseAddress! + $0 }
          for above in 0..<2 { unsafe patterns.append(fives.baseAddress! + (row + above) * width) }
          for table in 0..<linkTableCount {
            unsafe patterns.append(links.baseAddress! + (table * height + row) * width)
          }
          unsafe tables.withUnsafeBufferPointer { tables in
            let starts = unsafe known.map {
              unsafe tables.baseAddress! + Self.tableStart($0) * units
            }
            unsafe CEntropyCodingSumRow(
              level, units, starts, patterns, patterns.count, columns, columns.count, biases,
              offsets, &sums)
          }
        }
      }
    }
    let start = bits.startIndex + row * width
    unsafe withLayers { layers in
      unsafe sums.withUnsafeBufferPointer { sums in
        unsafe tables.withUnsafeBufferPointer { tables in
          let leftTable =
            unsafe tables.baseAddress! + Self.tableStart(Self.rowLengths.count - 1) * units
          for (index, column) in columns.enumerated() {
            let column = Int(column)
            let left = 3 * Int(values[column]) + Int(values[column + 1])
            let logit = unsafe CEntropyCodingLogit(
              level, layers, sums.baseAddress! + index * units, leftTable + left * units)
            let entry = network.index(logit: logit)
            path.code(
              &bits[start + column], probabilityOfOne: network.weights.probabilities[entry],
              index: entry)
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
    let linkRows = weights.linkRows(of: map)
    unsafe weights.zeros.withUnsafeBufferPointer { zeros in
      unsafe weights.ones.withUnsafeBufferPointer { ones in
        unsafe tables.withUnsafeMutableBufferPointer { tables in
          var offset = start
          for (row, length) in Self.rowLengths.enumerated() {
            unsafe CEntropyCodingFillTable(
              zeros.baseAddress! + offset, ones.baseAddress! + offset, length, units,
              tables.baseAddress! + Self.tableStart(row) * units)
            offset += length * units
          }
          unsafe weights.links.withUnsafeBufferPointer { links in
            for table in 0..<Self.linkTableCount(map) {
              let first = table * Self.linksInTable
              unsafe CEntropyCodingFillLinkTable(
                links.baseAddress! + (linkRows.lowerBound + first) * units,
                min(Self.linksInTable, linkRows.count - first), units,
                tables.baseAddress! + Self.tableStart(Self.rowLengths.count + table) * units)
            }
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

  /// Keeps a row's bits of 1 for the maps that are linked to this one.
  private mutating func storeLinks(_ values: [UInt8], row: Int, columns: [UInt32]) {
    let start = (map / Self.linksInTable * height + row) * width
    guard start < links.count else { return }
    for column in columns where values[Int(column) + 2] == 2 {
      links[start + Int(column)] |= 1 << UInt8(map % Self.linksInTable)
    }
  }

  /// Turns a row's values into the patterns of the three and of the five around each.
  private mutating func storePatterns(_ values: [UInt8], row: Int, at start: Int) {
    var pattern = 0
    for column in 0..<4 { pattern = 3 * pattern + Int(values[column]) }
    for column in 0..<width {
      pattern = (3 * pattern + Int(values[column + 4])) % 243
      fives[(row + 2) * width + column] = UInt8(pattern)
      threes[start + column] = UInt8(pattern / 3 % 27)
    }
  }
}
