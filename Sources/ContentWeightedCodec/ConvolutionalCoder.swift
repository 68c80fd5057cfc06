import EntropyCoding
import LearnedCodecs

/// Binary arithmetic coding with the probabilities of a trained context network.
///
/// The coder `convolutional`. Source: Li et al. 2017, section 4; the network is another one than the
/// paper's, which needs 1.95 million products for each bit, and computes in integers.
struct ConvolutionalCoder: LatentCoder {
  let model: EntropyModel
  let knob: RateKnob

  private var rateStep: Int { Int(knob.byte) * EntropyModel.rateStepCount / 256 }

  func encode(levels: [UInt8], levelCount: Int, grid: LatentGrid) -> [UInt8] {
    var encoder = BinaryRangeEncoder()
    guard let network = model.importance else { return [] }
    var walk = ContextNetworkWalk(
      network, width: grid.width, height: grid.height, rateStep: rateStep)
    for plane in (0..<network.mapCount).reversed() {
      let bits = levels.map { $0 >> UInt8(plane) & 1 }
      walk.encodeNextMap(bits[...], to: &encoder) { position in
        .init(isSent: true, condition: node(levels[position], above: plane, of: network.mapCount))
      }
    }
    return encoder.finish()
  }

  func decodeLevels(
    _ bytes: ArraySlice<UInt8>, levelCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    var levels = [UInt8](repeating: 0, count: grid.positionCount)
    var decoder = BinaryRangeDecoder(bytes)
    if let network = model.importance {
      var walk = ContextNetworkWalk(
        network, width: grid.width, height: grid.height, rateStep: rateStep)
      var bits = ArraySlice(levels)
      for plane in (0..<network.mapCount).reversed() {
        walk.decodeNextMap(&bits, from: &decoder) { position in
          .init(
            isSent: true, condition: node(levels[position], above: plane, of: network.mapCount))
        }
        for position in levels.indices { levels[position] |= bits[position] << UInt8(plane) }
      }
    }
    try decoder.checkEnd()
    return levels
  }

  /// The node of the tree of levels that the planes above one lead to.
  private func node(_ level: UInt8, above plane: Int, of planeCount: Int) -> Int {
    1 << (planeCount - 1 - plane) | Int(level) >> (plane + 1)
  }

  /// Quantises the bits of the maps that are sent by what they cost here.
  ///
  /// - Parameter thresholds: what each bit needs to be one, as `Transforms.Analysis` has it.
  /// - Returns: the bits, of which those that are not sent mean nothing, and their code, as
  ///   ``encode(bits:mapCounts:mapCount:grid:)`` makes it.
  func quantize(
    thresholds: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) -> (bits: [UInt8], section: [UInt8]) {
    // The walk turns each threshold that it meets into its bit.
    var bits = thresholds
    var encoder = BinaryRangeEncoder()
    var walk = ContextNetworkWalk(
      model.codes, width: grid.width, height: grid.height, rateStep: rateStep)
    let conditions = conditions(mapCounts: mapCounts, mapCount: mapCount)
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      walk.decideNextMap(
        &bits[start..<start + grid.positionCount], to: &encoder
      ) { position in
        .init(isSent: map < Int(mapCounts[position]), condition: conditions[position])
      }
    }
    return (bits, encoder.finish())
  }

  func encode(bits: [UInt8], mapCounts: [UInt16], mapCount: Int, grid: LatentGrid) -> [UInt8] {
    var encoder = BinaryRangeEncoder()
    var walk = ContextNetworkWalk(
      model.codes, width: grid.width, height: grid.height, rateStep: rateStep)
    let conditions = conditions(mapCounts: mapCounts, mapCount: mapCount)
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      walk.encodeNextMap(bits[start..<start + grid.positionCount], to: &encoder) { position in
        .init(isSent: map < Int(mapCounts[position]), condition: conditions[position])
      }
    }
    return encoder.finish()
  }

  func decodeBits(
    _ bytes: ArraySlice<UInt8>, mapCounts: [UInt16], mapCount: Int, grid: LatentGrid
  ) throws(SectionError) -> [UInt8] {
    var decoder = BinaryRangeDecoder(bytes)
    var walk = ContextNetworkWalk(
      model.codes, width: grid.width, height: grid.height, rateStep: rateStep)
    let conditions = conditions(mapCounts: mapCounts, mapCount: mapCount)
    var bits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    for map in 0..<mapCount {
      let start = map * grid.positionCount
      walk.decodeNextMap(&bits[start..<start + grid.positionCount], from: &decoder) { position in
        .init(isSent: map < Int(mapCounts[position]), condition: conditions[position])
      }
    }
    try decoder.checkEnd()
    return bits
  }

  /// The importance level of each position, 0 without importance map: level Q sends n · Q / L maps.
  private func conditions(mapCounts: [UInt16], mapCount: Int) -> [Int] {
    guard model.importance != nil else { return [Int](repeating: 0, count: mapCounts.count) }
    return mapCounts.map { Int($0) * model.codes.conditionCount / mapCount }
  }
}
