import Codecs
import ContentWeightedCodec
import Foundation
import Imaging
import LearnedCodecs

/// Times encoding and decoding of one made-up picture: one line of JSON for `compare.py`.
///
/// Usage: NeuralBenchmark MODEL WIDTH HEIGHT THREADS REPEATS PRECISION
@main
struct NeuralBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 7, let width = Int(arguments[2]), let height = Int(arguments[3]),
      let repeats = Int(arguments[5])
    else {
      fatalError("usage: NeuralBenchmark MODEL WIDTH HEIGHT THREADS REPEATS PRECISION")
    }
    let model = try ContentWeightedModel(contentsOf: URL(filePath: arguments[1]))
    let provider = ContentWeightedCodec.providers(models: [ModelReference(model)])[0]
    let codec = try provider.codec(["threads": arguments[4], "precision": arguments[6]])
    let image = picture(width, height)

    var encodeSeconds: [Double] = []
    var decodeSeconds: [Double] = []
    var byteCount = 0
    // The first round compiles the layers and is not counted.
    for round in 0...repeats {
      let start = ContinuousClock.now
      let encoded = try codec.encode(image, at: .value(0.5))
      let middle = ContinuousClock.now
      _ = try codec.decode(encoded.bytes)
      let end = ContinuousClock.now
      byteCount = encoded.bytes.count
      guard round > 0 else { continue }
      encodeSeconds.append((middle - start) / .seconds(1))
      decodeSeconds.append((end - middle) / .seconds(1))
    }
    print(
      "{\"encode_seconds\": \(encodeSeconds), \"decode_seconds\": \(decodeSeconds), "
        + "\"bytes\": \(byteCount)}")
  }

  private static func picture(_ width: Int, _ height: Int) -> Image {
    var state: UInt32 = 1
    let samples = (0..<3 * width * height).map { index -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8((index / 3 % width / 4 + Int(state >> 27)) & 0xFF)
    }
    return Image(width: width, height: height, colorModel: .rgb, samples: samples)
  }
}
