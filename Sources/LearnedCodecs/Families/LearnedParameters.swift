import Codecs
import NeuralNetworks

/// The parameters that learned codecs share.
package enum LearnedParameters {
  /// How the networks compute.
  package static let precision = CodecParameter(
    "precision", .choice(Precision.allCases.map(\.rawValue)),
    default: Precision.float32.rawValue, help: "how the networks compute")

  /// Threads of the networks.
  package static let threads = CodecParameter(
    "threads", .integer(1...256), default: "1", help: "threads of the networks")

  /// What runs the networks of a codec with these two parameters.
  ///
  /// - Parameters:
  ///   - parameters: the codec's parameters, which have been checked.
  ///   - codec: the codec's id.
  /// - Throws: `CodecError` of kind `unavailable`.
  package static func engine(
    _ parameters: CodecParameters, codec: String
  ) throws(CodecError) -> Engine {
    do throws(NeuralNetworkError) {
      return try Engine(
        precision: word(parameters, "precision"), threadCount: threadCount(parameters))
    } catch {
      throw CodecError(error, codec: codec)
    }
  }

  /// The value of the parameter `threads`.
  package static func threadCount(_ parameters: CodecParameters) -> Int {
    guard let count = Int(parameters["threads"]) else {
      preconditionFailure("threads has been checked to be a whole number")
    }
    return count
  }

  /// The value of a parameter that is one of a few words.
  ///
  /// - Precondition: the parameter's choices are among the raw values.
  package static func word<Choice: RawRepresentable<String>>(
    _ parameters: CodecParameters, _ name: String
  ) -> Choice {
    guard let choice = Choice(rawValue: parameters[name]) else {
      preconditionFailure("\(name) has been checked to be one of its choices")
    }
    return choice
  }
}

/// What the quality numbers of a learned codec mean.
package enum QualityMeaning: String, Sendable, CaseIterable {
  /// The position of the rate knob, 0 to 1.
  case quality
  /// The bits per pixel of the file.
  case rate

  /// The parameter `mode`.
  package static let parameter = CodecParameter(
    "mode", .choice(allCases.map(\.rawValue)), default: quality.rawValue,
    help: "what the quality number means: a rate knob or bits per pixel")

  /// The scale of the rate knob.
  package static let knobScale = QualityScale(
    name: "quality", unit: "", range: 0...1, step: nil, direction: .higherIsBetter,
    recommendedSweep: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1])

  /// The scale of rates.
  ///
  /// - Parameter highest: the most bits per pixel that the codec can spend, above 0.01.
  package static func rateScale(upTo highest: Double) -> QualityScale {
    QualityScale(
      name: "rate", unit: "bits per pixel", range: 0.01...highest, step: nil,
      direction: .higherIsBetter,
      recommendedSweep: [
        0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
      ].filter { $0 <= highest })
  }
}
