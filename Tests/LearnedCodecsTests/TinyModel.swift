import Foundation
import LearnedCodecs
import NeuralNetworks

/// A made-up network of one layer each way, so that tests have a learned codec of their own.
///
/// The encoder is a 6×6 convolution of stride 4, so a position reaches one pixel into its neighbours;
/// the decoder a 1×1 convolution and depth to space by 4.
final class TinyModel: LearnedModel {
  /// What its files say.
  struct Configuration: Sendable, Equatable {
    /// The channels of its pictures, 1 or 3, and of its latents.
    let channelCount: Int
    /// Whether layers are conditioned on the rate knob.
    let isConditioned: Bool

    init(_ file: ModelFile) throws(NeuralNetworkError) {
      try file.requireKind(of: TinyModel.kinds)
      var keys = file.configuration
      channelCount = try keys.integer("channels", in: 1...3)
      isConditioned = try keys.boolean("is_conditioned")
      try keys.require(channelCount != 2, "pictures have 1 or 3 channels")
      try keys.finish()
    }
  }

  static let kinds = ["tiny"]
  static let stride = 4

  let configuration: Configuration
  let digest: [UInt8]
  let encoder: Convolution
  let decoder: Convolution
  let conditioning: RateConditioning?

  static func configuration(of file: ModelFile) throws(NeuralNetworkError) -> Configuration {
    try Configuration(file)
  }

  init(_ file: ModelFile) throws(NeuralNetworkError) {
    configuration = try Configuration(file)
    let channels = configuration.channelCount
    var reader = LayerReader(file.weights, activation: .relu, slope: 0)
    encoder = try reader.convolution(
      "encoder", channels, channels, kernel: 6, stride: Self.stride, padding: 1, isLinear: true)
    decoder = try reader.projection("decoder", channels, channels * Self.stride * Self.stride)
    var weights = reader.weights
    conditioning =
      configuration.isConditioned
      ? try RateConditioning(
        hiddenCount: 1, layers: [.init("encoder", channelCount: channels)],
        shiftedScalars: ["offset"], &weights) : nil
    try weights.finish()
    digest = file.digest
  }

  var codecID: String { TinyCodec.kind.codecID }

  /// The layers for windows of `height` × `width` positions.
  func layers(_ part: TinyCodec.Part, height: Int, width: Int, engine: Engine) -> NetworkBuilder {
    var builder = NetworkBuilder(engine: engine)
    let channels = configuration.channelCount
    switch part {
    case .encoder:
      let picture = builder.input(
        channelCount: channels, height: height * Self.stride, width: width * Self.stride)
      builder.output(
        builder.convolution(
          encoder, picture, factor: conditioning == nil ? nil : "encoder", isOutput: true))
    case .decoder:
      let latent = builder.input(channelCount: channels, height: height, width: width)
      let deep = builder.convolution(decoder, latent, isOutput: true)
      builder.output(builder.depthToSpace(deep, block: Self.stride))
    }
    return builder
  }
}

/// The bytes of model files, made here.
enum TinyModelFile {
  /// The tensors of a model: each latent is the mean of its square, each pixel its latent.
  static func tensors(channels: Int, isConditioned: Bool = false) -> [String: ([Int], [Float])] {
    var encoder = [Float](repeating: 0, count: channels * channels * 36)
    for channel in 0..<channels {
      for y in 1..<5 {
        for x in 1..<5 { encoder[((channel * channels + channel) * 6 + y) * 6 + x] = 1.0 / 16 }
      }
      // A little of the next square, so that windows have to meet.
      encoder[(channel * channels + channel) * 36 + 35] = 1.0 / 64
    }
    var decoder = [Float](repeating: 0, count: channels * 16 * channels)
    for output in 0..<channels * 16 { decoder[output * channels + output / 16] = 1 }
    var tensors: [String: ([Int], [Float])] = [
      "encoder.weight": ([channels, channels, 6, 6], encoder),
      "encoder.bias": ([channels], [Float](repeating: 0, count: channels)),
      "decoder.weight": ([16 * channels, channels, 1, 1], decoder),
    ]
    if isConditioned {
      tensors["modulation.hidden.weight"] = ([1, 1], [2])
      tensors["modulation.hidden.bias"] = ([1], [-1])
      tensors["modulation.factors.encoder.weight"] = (
        [channels, 1], [Float](repeating: 0.5, count: channels)
      )
      tensors["modulation.factors.encoder.bias"] = (
        [channels], [Float](repeating: 0.25, count: channels)
      )
      tensors["modulation.shifts.offset.weight"] = ([1, 1], [3])
      tensors["modulation.shifts.offset.bias"] = ([1], [-0.5])
    }
    return tensors
  }

  /// The keys of a model's configuration.
  static func configuration(channels: Int, isConditioned: Bool = false) -> String {
    """
    {"format_version": 1, "name": "tiny-\(channels)", "kind": "tiny", "weights": "F32", \
    "training": {}, "channels": \(channels), "is_conditioned": \(isConditioned)}
    """
  }

  /// A whole file.
  static func bytes(
    channels: Int = 3, isConditioned: Bool = false, configuration: String? = nil,
    format: String = "rdbench-model"
  ) throws -> Data {
    let config =
      configuration ?? Self.configuration(channels: channels, isConditioned: isConditioned)
    var header: [String: Any] = ["__metadata__": ["format": format, "config": config]]
    var data = Data()
    for (name, tensor) in tensors(channels: channels, isConditioned: isConditioned)
      .sorted(by: { $0.key < $1.key })
    {
      let start = data.count
      for value in tensor.1 {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
      header[name] = [
        "dtype": "F32", "shape": tensor.0, "data_offsets": [start, data.count],
      ]
    }
    let text = try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
    var length = UInt64(text.count).littleEndian
    return Data(bytes: &length, count: 8) + text + data
  }

  static func model(channels: Int = 3, isConditioned: Bool = false) throws -> TinyModel {
    try TinyModel(
      try bytes(channels: channels, isConditioned: isConditioned), name: "tiny.safetensors")
  }
}

let oneDNNIsAvailable = !Engine.libraryVersion.isEmpty
