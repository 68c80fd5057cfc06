import Imaging

struct SyntheticImage: Sendable {
  init?(named name: String, seed: UInt64) { return nil }
  func draw() -> Image { Image(width: 1, height: 1, colorModel: .gray, samples: [0]) }
}
