import Codecs
import LearnedCodecs

/// How a file codes its bits: the number in the file, and the word of the `entropy` parameter.
public enum CoderID: UInt8, Sendable, CaseIterable {
  /// As they are, eight to a byte (Li et al. 2017, Figure 7, "without entropy coding").
  case none = 0
  /// Adaptive binary arithmetic coding with a small context (section 5.5).
  case cabac = 1
  /// Binary arithmetic coding with probabilities of a trained network (section 4).
  case convolutional = 2
  /// Runs of equal bits and a range coder of order 0 (CLIC 2018, section 3).
  case runLength = 3
  /// Huffman codes of fixed-length symbols (Wu, section 4.1).
  case huffman = 4

  /// The word of the `entropy` parameter.
  var word: String {
    switch self {
    case .none: "none"
    case .cabac: "cabac"
    case .convolutional: "convolutional"
    case .runLength: "run-length"
    case .huffman: "huffman"
    }
  }

  /// The coder that the parameter `entropy` names.
  ///
  /// - Precondition: the value has been checked to be one of the words.
  init(_ parameters: CodecParameters) {
    guard let id = Self.allCases.first(where: { $0.word == parameters["entropy"] }) else {
      preconditionFailure("entropy has been checked to be one of its choices")
    }
    self = id
  }

  /// The coder for files of a model at a position of the rate knob.
  ///
  /// - Returns: `nil` when the model lacks what the coder needs.
  func coder(for entropy: EntropyModel?, knob: RateKnob) -> (any LatentCoder)? {
    switch self {
    case .none: RawCoder()
    case .cabac: ContextCoder()
    case .convolutional: entropy.map { ConvolutionalCoder(model: $0, knob: knob) }
    case .runLength: RunLengthCoder()
    case .huffman: HuffmanCoder()
    }
  }

  /// The coder that files of models of this configuration are written with unless another is asked
  /// for.
  static func `default`(for configuration: ModelConfiguration?) -> CoderID {
    configuration?.entropyUnits == nil ? .cabac : .convolutional
  }
}
