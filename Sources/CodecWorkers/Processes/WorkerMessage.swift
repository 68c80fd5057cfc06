import Codecs
import Imaging

/// What a run asks of a worker.
///
/// Pixels and coded bytes travel behind it as the frame's body.
enum WorkerRequest: Codable, Equatable {
  /// Keep the picture whose samples are the body, for the calls to come. There is no reply.
  case keep(Geometry)
  /// Code the picture that was kept.
  case encode(CodecIdentity, quality: Double?)
  /// Decode the body.
  case decode(CodecIdentity)
  /// Code and decode the picture that was kept, beside a second thread that does so as well.
  case roundTrip(CodecIdentity, quality: Double?)
}

/// What a worker answers.
enum WorkerReply: Codable, Equatable {
  /// The worker has started and speaks this version of the protocol.
  case ready(version: Int)
  /// The body holds the coded bytes.
  case encoded(Stopwatch.Reading, sections: [SectionSize])
  /// The body holds the samples of the decoded picture.
  case decoded(Stopwatch.Reading, Geometry)
  /// What a round trip gave.
  case repeated(RoundTrip)
  /// The codec refused, with this message.
  case refused(String)

  /// The version of the protocol: both ends must be of the same.
  static let version = 2
}

/// A section of coded bytes.
struct SectionSize: Codable, Equatable {
  /// Its name.
  let name: String
  /// Its size in bytes.
  let bytes: Int
}

/// A configured codec, named so that another process can make the same.
struct CodecIdentity: Codable, Hashable {
  /// The codec's id.
  let id: String
  /// Every parameter with its value.
  let parameters: [String: String]
  /// Library and version: a worker with another one refuses.
  let version: String
  /// Digest of the codec's model, where it has one.
  let modelDigest: String?

  init(_ descriptor: CodecDescriptor) {
    id = descriptor.id
    parameters = descriptor.parameters.values
    version = descriptor.version
    modelDigest = descriptor.modelDigest
  }
}

/// The size and the colour model of a picture.
struct Geometry: Codable, Equatable {
  /// Width in pixels.
  let width: Int
  /// Height in pixels.
  let height: Int
  /// Samples per pixel, 1 or 3.
  let channels: Int

  init(_ image: Image) {
    width = image.width
    height = image.height
    channels = image.channelCount
  }

  /// The picture of this size with these samples, or `nil` when they do not fit together.
  func image(samples: [UInt8]) -> Image? {
    guard let model = Image.ColorModel(rawValue: channels),
      (try? ImageLimits.check(width: width, height: height)) != nil,
      samples.count == width * height * channels
    else { return nil }
    return Image(width: width, height: height, colorModel: model, samples: samples)
  }
}
