/// Who a configured codec is, as each row of the results names it.
public struct CodecDescriptor: Sendable, Equatable {
  /// The id that the command line and the results use, such as `jpeg2000`.
  public let id: String
  /// The name for people and plots, such as `JPEG 2000`.
  public let displayName: String
  /// The name of the library that does the work, such as `OpenJPEG`.
  public let library: String
  /// The library's version, asked from the library at run time.
  public let libraryVersion: String
  /// Every parameter with its value, defaults included.
  public let parameters: CodecParameters
  /// What quality numbers mean, or `nil` for a codec without a knob.
  public let qualityScale: QualityScale?
  /// The usual file name extension, without the dot.
  public let fileExtension: String
  /// The number of threads that one call uses.
  public let threadCount: Int
  /// Whether all work of a call with one thread is done on the thread that makes the call, so that
  /// this thread's clock tells its processor time.
  public let worksOnCallingThread: Bool
  /// SHA-256 of what else decides the bytes, such as the weights of a learned codec or the file that
  /// describes an outside program; `nil` when version and parameters say all.
  public let modelDigest: String?
  /// The version of the code that calls the library: raised when it begins to make other bytes of the
  /// same parameters with the same library.
  ///
  /// Measurements are stored under it, so only those of this codec are made anew.
  public let adapterVersion: Int
  /// Whose code does the work, which decides where the calls are made.
  public let origin: Origin
  /// Whether the bytes may change with every build of rdbench although no version does, as those of
  /// a codec that is written here; its measurements then hold for one build.
  public let bytesDependOnBuild: Bool
  /// Whether the encoder may write other bytes on a processor with other instruction sets, as one
  /// that rounds the sums of a network does.
  public let bytesDependOnInstructionSet: Bool
  /// The pictures that it can code.
  public let capabilities: CodecCapabilities

  /// Whose code does a codec's work.
  public enum Origin: String, Sendable, Codable {
    /// rdbench's own, which runs in the process that measures.
    case ownCode
    /// A library that others maintain: what crashes, hangs or takes too much memory there must cost
    /// one row and not the run.
    case foreignLibrary
    /// Programs in processes of their own.
    case outsidePrograms
  }

  /// Describes a configured codec.
  public init(
    id: String, displayName: String, library: String, libraryVersion: String,
    parameters: CodecParameters, qualityScale: QualityScale?, fileExtension: String,
    threadCount: Int = 1, worksOnCallingThread: Bool = true, modelDigest: String? = nil,
    adapterVersion: Int = 1,
    origin: Origin = .foreignLibrary, bytesDependOnBuild: Bool = false,
    bytesDependOnInstructionSet: Bool = false, capabilities: CodecCapabilities = .anything
  ) {
    self.id = id
    self.displayName = displayName
    self.library = library
    self.libraryVersion = libraryVersion
    self.parameters = parameters
    self.qualityScale = qualityScale
    self.fileExtension = fileExtension
    self.threadCount = threadCount
    self.worksOnCallingThread = worksOnCallingThread && threadCount == 1
    self.modelDigest = modelDigest
    self.adapterVersion = adapterVersion
    self.origin = origin
    self.bytesDependOnBuild = bytesDependOnBuild
    self.bytesDependOnInstructionSet = bytesDependOnInstructionSet
    self.capabilities = capabilities
  }

  /// Library and version as in the `codec_version` column, such as `OpenJPEG 2.5.0`.
  public var version: String { "\(library) \(libraryVersion)" }

  /// Checks a quality against the scale.
  ///
  /// - Returns: the number, or `nil` for a codec without a knob.
  /// - Throws: ``CodecError`` of kind `invalidQuality` that states the scale.
  public func validate(_ quality: Quality) throws(CodecError) -> Double? {
    switch (quality, qualityScale) {
    case (.fixed, nil):
      return nil
    case (.value(let value), let scale?):
      guard scale.contains(value) else {
        throw invalidQuality("\(scale.name) \(formatNumber(value)) is not in \(scale.summary)")
      }
      return value
    case (.value(let value), nil):
      throw invalidQuality("\(id) has no quality scale, so \(formatNumber(value)) means nothing")
    case (.fixed, let scale?):
      throw invalidQuality("\(id) needs a \(scale.name): \(scale.summary)")
    }
  }

  private func invalidQuality(_ message: String) -> CodecError {
    CodecError(codec: id, kind: .invalidQuality, message: message)
  }
}
