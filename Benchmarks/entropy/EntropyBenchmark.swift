import EntropyCoding
import Foundation

/// Times the context network and its range coder on made-up codes: one line of JSON for `compare.py`.
///
/// Usage: EntropyBenchmark FIRST-UNITS SECOND-UNITS WIDTH HEIGHT MEAN-MAPS REPEATS
///
/// WIDTH and HEIGHT are those of a map, 96 and 64 for a Kodak image. Each of 128 maps is sent at those
/// positions whose number of maps, even around MEAN-MAPS, says so. Weights and bits are random: they
/// take as long as trained ones, or longer, as no branch can guess the bits.
@main
struct EntropyBenchmark {
  private static let mapCount = 128
  private static let levelCount = 32

  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard numbers.count == 6 else {
      fatalError("usage: EntropyBenchmark FIRST-UNITS SECOND-UNITS WIDTH HEIGHT MEAN-MAPS REPEATS")
    }
    var random = RandomNumbers()
    let network = try ContextNetwork(weights(numbers[0], numbers[1], &random))
    let (width, height) = (numbers[2], numbers[3])
    let perLevel = mapCount / levelCount
    let spread = max(0, min(numbers[4] / perLevel, levelCount - 1 - numbers[4] / perLevel))
    let levels = (0..<width * height).map { _ in
      numbers[4] / perLevel + random.next(in: spread)
    }
    let bits = (0..<mapCount * width * height).map { _ in UInt8(random.next() & 1) }

    func walk<Coder>(
      _ coder: inout Coder,
      _ code: (
        inout ContextNetworkWalk, inout Coder, Range<Int>, (Int) -> ContextNetworkWalk.Position
      ) -> Void
    ) {
      var walk = ContextNetworkWalk(network, width: width, height: height, rateStep: 3)
      for map in 0..<mapCount {
        let range = map * width * height..<(map + 1) * width * height
        code(&walk, &coder, range) {
          .init(isSent: map < perLevel * levels[$0], condition: levels[$0])
        }
      }
    }

    var encodeSeconds: [Double] = []
    var decodeSeconds: [Double] = []
    for _ in 0..<numbers[5] {
      let start = processorSeconds()
      var encoder = BinaryRangeEncoder()
      walk(&encoder) { $0.encodeNextMap(bits[$2], to: &$1, position: $3) }
      let bytes = encoder.finish()
      let middle = processorSeconds()
      var decoder = BinaryRangeDecoder(bytes)
      var found = [UInt8](repeating: 0, count: bits.count)
      walk(&decoder) { $0.decodeNextMap(&found[$2], from: &$1, position: $3) }
      encodeSeconds.append(middle - start)
      decodeSeconds.append(processorSeconds() - middle)
      precondition(decoder.isComplete, "the decoder is out of step")
    }
    let count = perLevel * levels.reduce(0, +)
    print(
      "{\"bits\": \(count), \"products_per_bit\": \(network.productsPerBit), "
        + "\"encode_seconds\": \(encodeSeconds), \"decode_seconds\": \(decodeSeconds)}")
  }

  /// Processor time, which other programs on the machine lengthen less than wall-clock time.
  private static func processorSeconds() -> Double {
    Double(clock()) / Double(CLOCKS_PER_SEC)
  }

  private static func weights(
    _ first: Int, _ second: Int, _ random: inout RandomNumbers
  ) -> ContextNetwork.Weights {
    func numbers<Integer: FixedWidthInteger>(_ count: Int, _ limit: Int) -> [Integer] {
      (0..<count).map { _ in Integer(random.next(in: limit)) }
    }
    let context = ContextNetwork.contextSize
    return ContextNetwork.Weights(
      mapCount: mapCount, conditionCount: levelCount, rateStepCount: 16, firstUnitCount: first,
      secondUnitCount: second, zeros: numbers(mapCount * context * first, 200),
      ones: numbers(mapCount * context * first, 200),
      links: numbers(ContextNetwork.linkCount(mapCount: mapCount) * first, 100),
      mapBiases: numbers(mapCount * first, 500),
      conditionBiases: numbers(levelCount * first, 500), rateBiases: numbers(16 * first, 500),
      secondWeights: numbers(mapCount * first * second, 100),
      secondBiases: numbers(mapCount * second, 1_000),
      thirdWeights: numbers(mapCount * second, 100),
      thirdBiases: numbers(mapCount, 1_000), shifts: [4, 7, 6],
      probabilities: (0..<ContextNetwork.probabilityCount).map { UInt16(32 + $0 * 63) })
  }
}

/// Numbers that are the same in every run (Knuth's MMIX generator).
private struct RandomNumbers {
  private var state: UInt64 = 1

  mutating func next() -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33)
  }

  /// A number from −limit to limit.
  mutating func next(in limit: Int) -> Int { next() % (2 * limit + 1) - limit }
}
