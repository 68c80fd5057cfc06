import Codecs
import ImageMetrics

/// One measurement: one image, one configured codec, one quality.
public struct ResultRow: Sendable, Equatable {
  /// How a measurement ended.
  public enum Status: String, Sendable, CaseIterable {
    /// Coded, decoded and scored.
    case ok
    /// The image could not be read or the encoder refused.
    case encodeFailed = "encode_failed"
    /// The decoder refused what the encoder had written.
    case decodeFailed = "decode_failed"
    /// The decoded picture has another size than the original.
    case wrongSize = "wrong_size"
    /// The codec's process died.
    case crashed
    /// The codec did not end in time.
    case timedOut = "timed_out"
    /// The codec wanted more memory than it may have.
    case outOfMemory = "out_of_memory"
    /// The same call gave other bytes or other pixels the second time.
    case nondeterministic
    /// No quality reaches the target that was asked for.
    case unreachable
  }

  /// What is measured: the row's place in the plan.
  public struct Subject: Sendable, Equatable {
    /// The set's name, or the folder's last path component.
    public var dataset: String
    /// The image's path inside the set.
    public var image: String
    /// Digest of the pixels (`SHA256Digest.pixels(of:)`) of the image, or `nil` when it could not be read.
    public var imageSHA256: String?
    /// Width in pixels, or `nil` when the image could not be read.
    public var width: Int?
    /// Height in pixels, or `nil` when the image could not be read.
    public var height: Int?
    /// The codec's id.
    public var codec: String
    /// Library and version, such as `OpenJPEG 2.5.0`.
    public var codecVersion: String
    /// Every parameter with its value: `key=value;…`, sorted.
    public var parameters: String
    /// The position on the codec's scale, `fixed` for a codec without one.
    public var quality: Quality
    /// What a search of the quality aimed at, or `nil` for a quality that was asked for.
    public var target: Target?

    /// Names a place in a plan.
    public init(
      dataset: String, image: String, imageSHA256: String? = nil, width: Int? = nil,
      height: Int? = nil, codec: String, codecVersion: String, parameters: String,
      quality: Quality, target: Target? = nil
    ) {
      self.dataset = dataset
      self.image = image
      self.imageSHA256 = imageSHA256
      self.width = width
      self.height = height
      self.codec = codec
      self.codecVersion = codecVersion
      self.parameters = parameters
      self.quality = quality
      self.target = target
    }
  }

  /// How long the codec took; one measurement, or medians of several.
  public struct Timing: Sendable, Equatable {
    /// Wall-clock seconds to encode.
    public var encodeSeconds: Double
    /// Processor seconds of all threads and processes that worked to encode, or `nil` where they could
    /// not be told from other work.
    public var encodeCPUSeconds: Double?
    /// Wall-clock seconds to decode, or `nil` when decoding failed.
    public var decodeSeconds: Double?
    /// Processor seconds to decode, counted in the same way, or `nil` when decoding failed.
    public var decodeCPUSeconds: Double?
    /// Median absolute deviation of repeated encode times in seconds; not in the file.
    public var encodeDeviation: Double?
    /// Median absolute deviation of repeated decode times in seconds; not in the file.
    public var decodeDeviation: Double?

    /// Takes times; deviations come with repeated ones.
    public init(
      encodeSeconds: Double, encodeCPUSeconds: Double? = nil, decodeSeconds: Double? = nil,
      decodeCPUSeconds: Double? = nil, encodeDeviation: Double? = nil,
      decodeDeviation: Double? = nil
    ) {
      self.encodeSeconds = encodeSeconds
      self.encodeCPUSeconds = encodeCPUSeconds
      self.decodeSeconds = decodeSeconds
      self.decodeCPUSeconds = decodeCPUSeconds
      self.encodeDeviation = encodeDeviation
      self.decodeDeviation = decodeDeviation
    }
  }

  /// What was measured.
  public var subject: Subject
  /// Every byte that the decoder needs, or `nil` when encoding failed.
  public var encodedBytes: Int?
  /// Bytes by section, for codecs that know.
  public var sections: [EncodedImage.Section]
  /// The metrics that apply; `psnr_db` is infinite for identical pictures.
  public var scores: [MetricID: Double]
  /// The number of threads that the codec used.
  public var threads: Int
  /// How many images were measured side by side, or `nil` where it was not recorded: seconds of runs
  /// with different numbers mean different things.
  public var jobs: Int?
  /// How long the codec took, or `nil` when encoding failed.
  public var timing: Timing?
  /// SHA-256 of the coded bytes, or `nil` when encoding failed.
  public var bitstreamSHA256: String?
  /// How the measurement ended.
  public var status: Status
  /// What went wrong; empty for `ok`.
  public var message: String

  /// Makes the row of a measurement that has not got anywhere yet.
  public init(
    subject: Subject, status: Status, message: String = "", encodedBytes: Int? = nil,
    sections: [EncodedImage.Section] = [], scores: [MetricID: Double] = [:],
    threads: Int = 1, jobs: Int? = nil, timing: Timing? = nil, bitstreamSHA256: String? = nil
  ) {
    self.subject = subject
    self.encodedBytes = encodedBytes
    self.sections = sections
    self.scores = scores
    self.threads = threads
    self.jobs = jobs
    self.timing = timing
    self.bitstreamSHA256 = bitstreamSHA256
    self.status = status
    self.message = message
  }

  /// The rate: `8 * encoded_bytes / (width * height)` of the image that was scored.
  public var bitsPerPixel: Double? {
    guard let encodedBytes, let width = subject.width, let height = subject.height else {
      return nil
    }
    return 8 * Double(encodedBytes) / (Double(width) * Double(height))
  }
}

extension ResultRow.Subject {
  /// A measurement of an image by a configured codec, before the image is read.
  package init(dataset: String, image: String, descriptor: CodecDescriptor, quality: Quality) {
    self.init(
      dataset: dataset, image: image, codec: descriptor.id, codecVersion: descriptor.version,
      parameters: descriptor.parameters.canonical, quality: quality)
  }
}
