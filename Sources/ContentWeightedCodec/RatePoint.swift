/// A position of the rate knob, as the file's rate byte stores it.
struct RatePoint: Sendable, Equatable {
  /// i, with t = i / 255.
  let byte: UInt8

  init(byte: UInt8) { self.byte = byte }

  /// The nearest byte to a quality in 0…1.
  init(quality: Double) {
    byte = UInt8((min(max(quality, 0), 1) * 255).rounded())
  }

  /// How many of `count` maps are sent when the knob sets their number: at least one.
  func mapCount(of count: Int) -> Int {
    // ⌊n · i / 255 + ½⌋ in whole numbers.
    min(count, max(1, (2 * count * Int(byte) + 255) / 510))
  }

  /// The knob that the network sees.
  func knob(_ configuration: ModelConfiguration) -> Float {
    switch configuration.rateMode {
    case .lambda, .fixed: Float(byte) / 255
    case .maps:
      Float(mapCount(of: configuration.codeMapCount)) / Float(configuration.codeMapCount)
    }
  }
}
