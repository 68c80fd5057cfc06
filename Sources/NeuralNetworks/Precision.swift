/// How activations and weights are stored and multiplied; sums are 32-bit floats in both.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floats.
  case float32 = "f32"
  /// 16-bit brain floats: the upper half of a 32-bit float.
  case bfloat16 = "bf16"

  /// Bytes per element.
  var elementSize: Int { self == .float32 ? 4 : 2 }
}
