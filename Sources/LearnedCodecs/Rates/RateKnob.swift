/// A position of the rate knob, as a file's rate byte stores it.
package struct RateKnob: Sendable, Hashable {
  /// i, with t = i / 255.
  package let byte: UInt8

  /// The position of a byte.
  package init(byte: UInt8) { self.byte = byte }

  /// The byte nearest to a position in 0…1; positions outside count as the ends.
  package init(position: Double) {
    byte = UInt8((min(max(position, 0), 1) * 255).rounded())
  }

  /// t, in 0…1.
  package var position: Float { Float(byte) / 255 }
}
