import Foundation
import Imaging
import NeuralNetworks
import Synchronization
import Testing

@testable import LearnedCodecs

@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct NetworkCacheTests {
  /// Asks a cache for networks and notes which it had to compile.
  private struct Probe {
    let cache: NetworkCache<TinyCodec.Part>
    let model: TinyModel
    let engine: Engine

    init(capacity: Int) throws {
      cache = NetworkCache(leastCapacity: capacity, networksPerRun: 1)
      model = try TinyModelFile.model()
      engine = try Engine(precision: .float32, threadCount: 1)
    }

    /// Whether the network had to be compiled.
    func compiles(_ part: TinyCodec.Part, width: Int, digest: [UInt8] = [1]) throws -> Bool {
      let compiled = Mutex(false)
      _ = try cache.network(part, of: digest, height: 2, width: width) {
        compiled.withLock { $0 = true }
        return model.layers(part, height: 2, width: width, engine: engine)
      }
      return compiled.withLock { $0 }
    }
  }

  @Test func compilesOncePerPartModelAndSize() throws {
    let probe = try Probe(capacity: 8)
    #expect(try probe.compiles(.encoder, width: 3))
    #expect(try !probe.compiles(.encoder, width: 3))
    #expect(try probe.compiles(.decoder, width: 3))
    #expect(try probe.compiles(.encoder, width: 4))
    #expect(try probe.compiles(.encoder, width: 3, digest: [2]))
    #expect(try !probe.compiles(.decoder, width: 3))
  }

  @Test func theOneUsedLongestAgoMakesWay() throws {
    let probe = try Probe(capacity: 2)
    #expect(try probe.compiles(.encoder, width: 1))
    #expect(try probe.compiles(.encoder, width: 2))
    #expect(try !probe.compiles(.encoder, width: 1))
    #expect(try probe.compiles(.encoder, width: 3))
    #expect(try !probe.compiles(.encoder, width: 1))
    #expect(try probe.compiles(.encoder, width: 2))
  }

  @Test func moreIsKeptForMoreRunsAtOneTime() throws {
    let probe = try Probe(capacity: 2)
    try probe.cache.run { () throws in
      try probe.cache.run { () throws in
        try probe.cache.run { () throws in
          for width in 1...3 { _ = try probe.compiles(.encoder, width: width) }
        }
      }
    }
    for width in 1...3 { #expect(try !probe.compiles(.encoder, width: width)) }
    #expect(try probe.compiles(.encoder, width: 4))
    #expect(try probe.compiles(.encoder, width: 1))
  }

  @Test func callsAtOnceCompileOnce() throws {
    let probe = try Probe(capacity: 2)
    let compileCount = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      let isNew = (try? probe.compiles(.encoder, width: 9)) == true
      if isNew { compileCount.withLock { $0 += 1 } }
    }
    #expect(compileCount.withLock { $0 } == 1)
  }
}

@Suite struct ImageTensorFormatTests {
  private func format(_ channels: Int, _ padding: ImageTensorFormat.Padding) -> ImageTensorFormat {
    ImageTensorFormat(channelCount: channels, center: 100, scale: 50, padding: padding)
  }

  private let gray = Image(
    width: 3, height: 2, colorModel: .gray, samples: [0, 50, 100, 150, 200, 250])

  @Test func samplesAreShiftedAndScaled() {
    let values = format(1, .edge).values(of: gray, rows: 0..<2, columns: 0..<3)
    #expect(values == [-2, -1, 0, 1, 2, 3])
    let window = format(1, .edge).values(of: gray, rows: 1..<2, columns: 1..<3)
    #expect(window == [2, 3])
  }

  @Test func greyBecomesThreeChannels() {
    let values = format(3, .edge).values(of: gray, rows: 0..<1, columns: 0..<2)
    #expect(values == [-2, -2, -2, -1, -1, -1])
    let rgb = Image(width: 1, height: 1, colorModel: .rgb, samples: [0, 50, 100])
    #expect(format(3, .edge).values(of: rgb, rows: 0..<1, columns: 0..<1) == [-2, -1, 0])
    #expect(format(3, .edge).takes(.rgb) && format(3, .edge).takes(.gray))
    #expect(!format(1, .edge).takes(.rgb))
  }

  @Test func edgesAreRepeatedOrMirrored() {
    let edge = format(1, .edge).values(of: gray, rows: 0..<4, columns: 1..<6)
    #expect(edge == [-1, 0, 0, 0, 0, 2, 3, 3, 3, 3, 2, 3, 3, 3, 3, 2, 3, 3, 3, 3])
    let mirrored = format(1, .reflection).values(of: gray, rows: 0..<4, columns: 0..<7)
    let (first, second): ([Float], [Float]) = ([-2, -1, 0, -1, -2, -1, 0], [1, 2, 3, 2, 1, 2, 3])
    #expect(mirrored == first + second + first + second)
    let single = Image(width: 1, height: 1, colorModel: .gray, samples: [150])
    #expect(format(1, .reflection).values(of: single, rows: 0..<2, columns: 0..<2) == [1, 1, 1, 1])
  }
}

@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct PictureOutputTests {
  /// Runs a network that hands its input on, as a picture of 2×1 pixels.
  private func picture(
    _ values: [Float], channels: Int, colorModel: Image.ColorModel
  ) throws -> Image {
    let engine = try Engine(precision: .float32, threadCount: 1)
    let identity = Convolution(
      weights: Tensor(
        shape: [channels, channels, 1, 1],
        elements: (0..<channels * channels).map { $0 % (channels + 1) == 0 ? 1 : 0 }),
      bias: nil, padding: 0)
    let network = WindowedNetwork(
      TinyCodec.Part.decoder, modelDigest: [], margin: 0, cache: NetworkCache()
    ) { height, width in
      var builder = NetworkBuilder(engine: engine)
      let input = builder.input(channelCount: channels, height: height, width: width)
      builder.output(builder.convolution(identity, input, isOutput: true))
      return builder
    }
    return try network.picture(
      width: 2, height: 1, colorModel: colorModel,
      from: LatentGrid(imageWidth: 2, imageHeight: 1, stride: 1),
      as: ImageTensorFormat(channelCount: channels, center: 100, scale: 50, padding: .edge),
      factors: [:]
    ) { _ in [values] }
  }

  @Test func valuesAreClampedAndRounded() throws {
    let picture = try picture([-3, 0.25, 4, 0.75, -1, 0.02], channels: 3, colorModel: .rgb)
    // Ties go to the even neighbour.
    #expect(picture.samples == [0, 112, 255, 138, 50, 101])
    #expect(try self.picture([.nan, 1], channels: 1, colorModel: .gray).samples == [0, 150])
  }

  @Test func greyIsTheMeanOfThreeChannels() throws {
    let picture = try picture([0, 0.6, 1.2, 1, 1, -2], channels: 3, colorModel: .gray)
    #expect(picture.samples == [130, 100])
    let single = try self.picture([0.4, -1], channels: 1, colorModel: .gray)
    #expect(single.samples == [120, 50])
  }
}
