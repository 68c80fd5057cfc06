import EntropyCoding
import NeuralNetworks

/// The probabilities of the coder `convolutional`: context networks trained on a model's own codes.
///
/// They are part of the model's file, so the digest by which a coded picture names its model covers
/// them too.
struct EntropyModel: Sendable {
  /// The steps of the rate byte that the networks tell apart.
  static let rateStepCount = 16

  /// For the bits of the codes; the condition is the importance level of the position.
  let codes: ContextNetwork
  /// For the planes of the importance map, or `nil` without one.
  ///
  /// The condition is a node of the tree of levels: a one, then the bits of the planes so far.
  let importance: ContextNetwork?

  init(codes: ContextNetwork, importance: ContextNetwork?) {
    self.codes = codes
    self.importance = importance
  }

  /// Reads the networks, or `nil` where the configuration has none.
  init?(
    _ configuration: ModelConfiguration, _ weights: inout WeightReader
  ) throws(NeuralNetworkError) {
    guard let units = configuration.entropyUnits else { return nil }
    let probabilities = try weights.integers(
      "entropy.probabilities", shape: [ContextNetwork.probabilityCount], as: Int32.self)
    guard probabilities.allSatisfy({ (1..<65536).contains($0) }) else {
      throw NeuralNetworkError(.wrongTensor, "entropy.probabilities are not all from 1 to 65535")
    }
    func network(
      _ name: String, maps: Int, conditions: Int, _ weights: inout WeightReader
    ) throws(NeuralNetworkError) -> ContextNetwork {
      func numbers<Integer: FixedWidthInteger & SignedInteger>(
        _ key: String, _ shape: [Int], as type: Integer.Type, _ weights: inout WeightReader
      ) throws(NeuralNetworkError) -> [Integer] {
        try weights.integers("entropy.\(name).\(key)", shape: shape, as: type)
      }
      let (first, second) = (units.first, units.second)
      let context = [maps, ContextNetwork.contextSize, first]
      let linkCount = ContextNetwork.linkCount(mapCount: maps)
      let read = ContextNetwork.Weights(
        mapCount: maps, conditionCount: conditions, rateStepCount: Self.rateStepCount,
        firstUnitCount: first, secondUnitCount: second,
        zeros: try numbers("zeros", context, as: Int16.self, &weights),
        ones: try numbers("ones", context, as: Int16.self, &weights),
        links: linkCount > 0
          ? try numbers("links", [linkCount, first], as: Int16.self, &weights) : [],
        mapBiases: try numbers("map_biases", [maps, first], as: Int16.self, &weights),
        conditionBiases: try numbers(
          "condition_biases", [conditions, first], as: Int16.self, &weights),
        rateBiases: try numbers(
          "rate_biases", [Self.rateStepCount, first], as: Int16.self, &weights),
        secondWeights: try numbers(
          "second_weights", [maps, second, first], as: Int16.self, &weights),
        secondBiases: try numbers("second_biases", [maps, second], as: Int32.self, &weights),
        thirdWeights: try numbers("third_weights", [maps, second], as: Int16.self, &weights),
        thirdBiases: try numbers("third_biases", [maps], as: Int32.self, &weights),
        shifts: try numbers("shifts", [3], as: Int32.self, &weights),
        probabilities: probabilities.map { UInt16($0) })
      do throws(ContextNetwork.WeightsError) {
        return try ContextNetwork(read)
      } catch {
        throw NeuralNetworkError(.wrongTensor, "entropy.\(name) cannot be used: \(error.message)")
      }
    }
    let levels = configuration.importanceLevelCount
    codes = try network(
      "codes", maps: configuration.codeMapCount, conditions: max(1, levels), &weights)
    let planes = planeCount(levelCount: levels)
    importance =
      planes > 0
      ? try network("importance", maps: planes, conditions: 1 << planes, &weights) : nil
  }
}
