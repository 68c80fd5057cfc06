import LearnedCodecs

extension RateKnob {
  /// How many of `count` maps are sent when the knob sets their number: at least one.
  func mapCount(of count: Int) -> Int {
    // ⌊n · i / 255 + ½⌋ in whole numbers.
    min(count, max(1, (2 * count * Int(byte) + 255) / 510))
  }

  /// The number that the network sees.
  func networkInput(_ configuration: ModelConfiguration) -> Float {
    switch configuration.rateMode {
    case .lambda, .fixed: position
    case .maps:
      Float(mapCount(of: configuration.codeMapCount)) / Float(configuration.codeMapCount)
    }
  }
}
