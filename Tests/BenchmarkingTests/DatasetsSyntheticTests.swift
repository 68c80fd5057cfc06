import Foundation
import Imaging
import Testing

@testable import Datasets
@testable import Files
@testable import Statistics

@Suite("Synthetic dataset")
struct DatasetsSyntheticTests {
  private let manifest: DatasetManifest

  init() throws {
    manifest = try #require(DatasetCatalog.shipped["synthetic"])
  }

  @Test("every picture that can be drawn is in the manifest, with the size that it has")
  func listsAll() throws {
    #expect(manifest.files.map(\.path) == SyntheticImage.Subject.allCases.map(\.rawValue))
    let seed = try #require(manifest.generator).seed
    for file in manifest.files {
      let image = try #require(SyntheticImage(named: file.path, seed: seed)).draw()
      #expect(image.width == file.width && image.height == file.height, "\(file.path)")
      #expect(min(image.width, image.height) >= 161, "\(file.path)")
    }
    #expect(SyntheticImage(named: "dead-leafs", seed: seed) == nil)
  }

  @Test("the pixels are those of the manifest, on every machine and in every build")
  func pixelDigests() async throws {
    let locator = DatasetLocator(roots: [], downloadRoot: "/nonexistent", mayFetch: false)
    let dataset = try await locator.dataset("synthetic")
    #expect(dataset.name == "synthetic" && dataset.digestOfManifest == manifest.digest)
    for (image, file) in zip(dataset.images, manifest.files) {
      #expect(SHA256Digest.pixels(of: try image.load().image) == file.pixelsSHA256, "\(file.path)")
    }
  }

  @Test("a picture that differs from the manifest is an error, not a measurement")
  func detectsDifference() throws {
    let other = try #require(SyntheticImage(named: "patches", seed: 1))
    let digest = try #require(manifest.files.first { $0.path == "patches" }).pixelsSHA256
    let image = DatasetImage(path: "patches", source: .synthetic(other, pixelsSHA256: digest))
    let error = #expect(throws: ImageError.self) { try image.load() }
    #expect(error?.kind == .corruptData)
  }

  @Test("the random numbers are SplitMix64's")
  func randomNumbers() {
    // The first outputs for the state 1234567, as published with the reference implementation.
    var random = RandomSource(state: 1_234_567)
    #expect(random.bits() == 6_457_827_717_110_365_317)
    #expect(random.bits() == 3_203_168_211_198_807_973)
    #expect(random.bits() == 9_817_491_932_198_370_423)
    var numbers = RandomSource(seed: 3, name: "a")
    let integers = (0..<1000).map { _ in numbers.integer(in: -2..<3) }
    #expect(Set(integers) == [-2, -1, 0, 1, 2])
    #expect((0..<1000).allSatisfy { _ in (0.25..<0.5).contains(numbers.number(in: 0.25..<0.5)) })
  }

  @Test("the cosine agrees with the system's to the last digits")
  func cosine() {
    for index in 0..<4096 {
      let turns = Double(index) / 4096
      #expect(abs(Patterns.cosine(turns: turns) - cos(2 * Double.pi * turns)) < 1e-14, "\(turns)")
    }
  }

  @Test("octaves of the noise have equal power, so that its amplitude falls as 1/f")
  func noiseSpectrum() {
    var random = RandomSource(seed: 5, name: "noise")
    let powers = (0...3).map { octave in
      let noise = FractalNoise(width: 256, height: 256, octaves: octave...octave, &random)
      let values = (0..<256).flatMap { y in (0..<256).map { noise.value($0, y) } }
      return values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    }
    for power in powers { #expect(power > 0.055 && power < 0.11, "\(powers)") }
  }
}
