extension RunMetadata {
  /// A configured codec of the plan.
  public struct CodecEntry: Codable, Sendable, Equatable {
    /// The codec's id.
    public let codec: String
    /// Library and version.
    public let version: String
    /// Every parameter with its value.
    public let parameters: String
    /// The qualities, `null` for a codec without a scale; the candidates of a budget; empty for other
    /// targets.
    public let qualities: [Double?]
    /// What the qualities were searched for (``Target/text``), or `null` for chosen qualities.
    public let targets: [String]?
    /// The number of threads that one call uses.
    public let threads: Int
    /// Whether the bytes may differ between processors with other instruction sets; `null` in files of
    /// before it was recorded.
    public let bytesDependOnInstructionSet: Bool?
    /// Version of the code that calls the library; `null` in files of before it was recorded.
    public let adapterVersion: Int?

    /// Describes a codec.
    package init(
      codec: String, version: String, parameters: String, qualities: [Double?],
      targets: [String]?, threads: Int, bytesDependOnInstructionSet: Bool?, adapterVersion: Int?
    ) {
      self.codec = codec
      self.version = version
      self.parameters = parameters
      self.qualities = qualities
      self.targets = targets
      self.threads = threads
      self.bytesDependOnInstructionSet = bytesDependOnInstructionSet
      self.adapterVersion = adapterVersion
    }
  }

  /// The images of the plan.
  public struct DatasetEntry: Codable, Sendable, Equatable {
    /// The set's name.
    public let name: String
    /// The number of images.
    public let images: Int
    /// SHA-256 of the manifest, or `null` for a plain folder.
    public let manifestDigest: String?
    /// SHA-256 over path and pixel digest of each image of the plan, or of its shard, in order.
    public let pixelsDigest: String

    /// Describes images.
    package init(name: String, images: Int, manifestDigest: String?, pixelsDigest: String) {
      self.name = name
      self.images = images
      self.manifestDigest = manifestDigest
      self.pixelsDigest = pixelsDigest
    }
  }

  /// How many rows of a run were not measured by it.
  public struct Reuse: Codable, Sendable, Equatable {
    /// Rows that an earlier run of the same kind, broken off, had written.
    public var resumedRows: Int
    /// Rows that came from the store as they are, with the seconds that were measured then.
    public var reusedRows: Int
    /// Rows whose stored bytes were decoded and scored by metrics that were new to the store.
    public var rescoredRows: Int

    /// Counts rows.
    public init(resumedRows: Int = 0, reusedRows: Int = 0, rescoredRows: Int = 0) {
      self.resumedRows = resumedRows
      self.reusedRows = reusedRows
      self.rescoredRows = rescoredRows
    }
  }

  /// How far the repeated times of one curve lie apart.
  public struct CurveSpread: Codable, Sendable, Equatable {
    /// The codec's id.
    public let codec: String
    /// Every parameter with its value.
    public let parameters: String
    /// Encode calls.
    public let encode: TimingSpread
    /// Decode calls.
    public let decode: TimingSpread

    /// Describes the spread of one curve.
    package init(codec: String, parameters: String, encode: TimingSpread, decode: TimingSpread) {
      self.codec = codec
      self.parameters = parameters
      self.encode = encode
      self.decode = decode
    }

    /// The spread of one curve's parts, of which there is at least one.
    package init(merging parts: [CurveSpread]) {
      codec = parts[0].codec
      parameters = parts[0].parameters
      encode = TimingSpread(merging: parts.map(\.encode))
      decode = TimingSpread(merging: parts.map(\.decode))
    }
  }

  /// Which part of a plan a run measured.
  public struct ShardEntry: Codable, Sendable, Equatable {
    /// Which part, from 1.
    public let number: Int
    /// The number of parts.
    public let count: Int
    /// `Plan.wholeDigest`: what all parts have in common.
    public let wholePlanDigest: String

    /// Describes a shard.
    package init(number: Int, count: Int, wholePlanDigest: String) {
      self.number = number
      self.count = count
      self.wholePlanDigest = wholePlanDigest
    }

    /// The shard, `nil` for numbers that are none.
    public var shard: Shard? { Shard(number: number, count: count) }
  }
}
