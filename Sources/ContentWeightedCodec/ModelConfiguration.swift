import LearnedCodecs
import NeuralNetworks

/// The shape of a content-weighted network, from the `config` of its file.
///
/// The keys are those of the training programs; <doc:ModelFile> explains each.
public struct ModelConfiguration: Sendable, Equatable {
  /// What the rate knob t does.
  public enum RateMode: String, Sendable, CaseIterable {
    /// The network is conditioned on it.
    case lambda
    /// It sets how many maps are sent.
    case maps
    /// Nothing: the model has one rate.
    case fixed
  }

  /// n: the number of binary maps.
  public let codeMapCount: Int
  /// L: the number of importance levels, 0 without importance map.
  public let importanceLevelCount: Int
  /// What the rate knob does.
  public let rateMode: RateMode
  let analysisChannels: [Int]
  let importanceChannels: [Int]
  let synthesisChannels: [Int]
  let residualChannelCount: Int
  let hasExtraConvolutions: Bool
  let firstSynthesisKernel: Int
  let lastSynthesisKernel: Int
  let activation: ActivationKind
  let activationSlope: Double
  let hasActivationAfterSum: Bool
  let hasActivationOnBranch: Bool
  let hasBypass: Bool
  let modulationHiddenCount: Int
  /// The hidden units of the entropy coder's networks, `nil` for a model without them.
  let entropyUnits: EntropyUnits?
  /// The knobs of the tables for rate-distortion optimised quantisation, `nil` for a model without.
  let rdoqKnobCount: Int?

  /// The hidden units of the two layers of the context networks.
  struct EntropyUnits: Sendable, Equatable {
    let first: Int
    let second: Int
  }

  /// The most maps, levels, channels and hidden units that are read.
  static let maximumCounts = (maps: 512, levels: 64, channels: 4096, hidden: 4096)

  /// Reads the codec's part of a model file's configuration.
  ///
  /// - Throws: `NeuralNetworkError` of kind `malformedFile` for a file of another kind, an unknown or
  ///   missing key, a wrong type, or a value that no network has.
  init(_ file: ModelFile) throws(NeuralNetworkError) {
    try file.requireKind(of: ContentWeightedModel.kinds)
    var keys = file.configuration
    codeMapCount = try keys.integer("code_maps", in: 1...Self.maximumCounts.maps)
    importanceLevelCount = try keys.integer("importance_levels", in: 0...Self.maximumCounts.levels)
    rateMode = try keys.choice("rate_mode", RateMode.allCases)
    analysisChannels = try Self.channels(&keys, "analysis_channels", counts: 3...3)
    importanceChannels = try Self.channels(&keys, "importance_channels", counts: 0...8)
    synthesisChannels = try Self.channels(&keys, "synthesis_channels", counts: 4...4)
    residualChannelCount = try keys.integer(
      "residual_channels", in: 1...Self.maximumCounts.channels)
    hasExtraConvolutions = try keys.boolean("extra_convolutions")
    firstSynthesisKernel = try keys.integer("first_synthesis_kernel", in: 1...3)
    lastSynthesisKernel = try keys.integer("last_synthesis_kernel", in: 1...3)
    activation = try keys.choice("activation", ActivationKind.allCases)
    activationSlope = try keys.number("activation_slope")
    hasActivationAfterSum = try keys.boolean("activation_after_sum")
    hasActivationOnBranch = try keys.boolean("activation_on_branch")
    // The bit is the logit's sign with either.
    let nonlinearity = try keys.string("code_nonlinearity")
    try keys.require(
      ["tanh", "sigmoid"].contains(nonlinearity), "the code_nonlinearity \(nonlinearity) is unknown"
    )
    hasBypass = try keys.boolean("bypass")
    modulationHiddenCount = try keys.integer(
      "modulation_hidden", in: 0...Self.maximumCounts.hidden)
    if keys.contains("entropy_units") {
      let units = try Self.channels(&keys, "entropy_units", counts: 2...2)
      entropyUnits = EntropyUnits(first: units[0], second: units[1])
    } else {
      entropyUnits = nil
    }
    rdoqKnobCount =
      keys.contains("rdoq_knobs")
      ? try keys.integer("rdoq_knobs", in: 1...RateDistortionQuantizer.maximumKnobCount) : nil
    for informative in ["lambda_min", "lambda_max", "initialization"] {
      try keys.skip(informative)
    }
    try keys.finish()
    try checkConsistency(keys)
  }

  private static func channels(
    _ keys: inout ModelObject, _ key: String, counts: ClosedRange<Int>
  ) throws(NeuralNetworkError) -> [Int] {
    try keys.integers(key, counts: counts, in: 1...maximumCounts.channels)
  }

  private func checkConsistency(_ keys: ModelObject) throws(NeuralNetworkError) {
    let hasMap = importanceLevelCount > 0
    try keys.require(
      !hasMap || (codeMapCount % importanceLevelCount == 0 && !importanceChannels.isEmpty),
      "an importance map needs importance_channels, and levels that divide code_maps")
    try keys.require(
      firstSynthesisKernel != 2 && lastSynthesisKernel != 2, "synthesis kernels are 1 or 3")
    try keys.require(
      deepChannelCount % 4 == 0 && synthesisChannels[2] % 16 == 0,
      "depth to space needs channels that 4 and 16 divide")
    let expected: RateMode = !hasMap ? .maps : modulationHiddenCount > 0 ? .lambda : .fixed
    try keys.require(
      rdoqKnobCount == nil || entropyUnits != nil, "rdoq_knobs need entropy_units beside them")
    try keys.require(
      rateMode == expected, "the rate_mode \(rateMode.rawValue) does not fit the network")
  }

  /// The channels of f(x).
  var featureChannelCount: Int { analysisChannels[hasExtraConvolutions ? 2 : 1] }

  /// The channels of the decoder before its first depth to space.
  var deepChannelCount: Int { synthesisChannels[hasExtraConvolutions ? 1 : 0] }
}
