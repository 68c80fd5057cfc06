import Files
import Foundation
import Imaging

/// What a codec that holds other codecs takes over from them: one place for all that must be said of
/// the whole when a part does some of the work.
public struct WrappedCodecs: Sendable {
  /// The parts by the names of the parameters that chose them, sorted by name.
  public let parts: [(name: String, codec: any Codec)]

  /// Takes the codecs that a provider was given.
  ///
  /// - Parameter codecs: by the name of the parameter, as `CodecProvider` hands them to what makes
  ///   a codec.
  public init(_ codecs: [String: any Codec]) {
    parts = codecs.sorted { $0.key < $1.key }.map { (name: $0.key, codec: $0.value) }
  }

  /// The part that a parameter chose.
  ///
  /// - Precondition: the parameter names a codec.
  public subscript(name: String) -> any Codec {
    guard let part = parts.first(where: { $0.name == name }) else {
      preconditionFailure("\(name) names no codec")
    }
    return part.codec
  }

  /// Describes the whole.
  ///
  /// Quality scale and file name extension are the caller's, mostly those of its base. Versions stand
  /// side by side with a plus sign, the parts' first. Digests are hashed together. Threads are the most that
  /// any part uses. The whole depends on the build, or on the instruction set, when one part does,
  /// and takes the pictures that all parts take. Its calls are made where those of its most
  /// delicate part are: a foreign library comes before outside programs, and these before own code.
  ///
  /// - Parameter own: the wrapper's own work, as if it had no parts: library, model, threads.
  /// - Throws: ``CodecError`` of kind `invalidParameter` when no picture suits all parts.
  public func descriptor(
    wrapping own: CodecDescriptor
  ) throws(CodecError) -> CodecDescriptor {
    let inner = parts.map(\.codec.descriptor)
    // The last part of the text is the own library's, so that `version` reads as it should.
    var libraries: [String] = []
    for library in inner.map(\.version) where !libraries.contains(library) {
      libraries.append(library)
    }
    let digests = inner.map { $0.modelDigest ?? "" } + [own.modelDigest ?? ""]
    let adapters = inner.map { "\($0.id) \($0.adapterVersion)" }
    let hasDigest = digests.contains { !$0.isEmpty } || inner.contains { $0.adapterVersion != 1 }
    var capabilities = own.capabilities
    for part in inner {
      guard let both = capabilities.intersection(part.capabilities) else {
        throw CodecError(
          codec: own.id, kind: .invalidParameter,
          message: "\(own.id) and \(part.id) have no pictures in common that both can code")
      }
      capabilities = both
    }
    let all = inner + [own]
    let origin = [CodecDescriptor.Origin.foreignLibrary, .outsidePrograms]
      .first { origin in all.contains { $0.origin == origin } }
    return CodecDescriptor(
      id: own.id, displayName: own.displayName,
      library: (libraries + [own.library]).joined(separator: " + "),
      libraryVersion: own.libraryVersion, parameters: own.parameters,
      qualityScale: own.qualityScale, fileExtension: own.fileExtension,
      threadCount: all.map(\.threadCount).max() ?? 1,
      worksOnCallingThread: all.allSatisfy(\.worksOnCallingThread),
      modelDigest: hasDigest ? Self.digest(of: digests + adapters) : nil,
      adapterVersion: own.adapterVersion,
      origin: origin ?? .ownCode,
      bytesDependOnBuild: all.contains(where: \.bytesDependOnBuild),
      bytesDependOnInstructionSet: all.contains(where: \.bytesDependOnInstructionSet),
      capabilities: capabilities)
  }

  private static func digest(of texts: [String]) -> String {
    let lines = texts.joined(separator: "\n")
    return SHA256Digest.hexadecimal(of: Array(lines.utf8))
  }

  /// The sections of a part inside the whole, with the part's name and a dot before theirs.
  ///
  /// - Returns: one section for a part that does not say how its bytes divide.
  public func sections(of part: EncodedImage, as name: String) -> [EncodedImage.Section] {
    let sections =
      part.sections.isEmpty
      ? [EncodedImage.Section(.payload, part.bytes.count)] : part.sections
    return sections.map { section in
      guard let name = EncodedImage.Section.Name(rawValue: "\(name).\(section.name.rawValue)")
      else { preconditionFailure("\(name) cannot name a section") }
      return EncodedImage.Section(name, section.byteCount)
    }
  }

  /// What a part draws of its bytes, under names that differ from those of other parts.
  ///
  /// - Throws: ``CodecError`` as the part.
  public func sideInformation(
    of name: String, in bytes: [UInt8]
  ) throws(CodecError) -> [SideInformationPicture] {
    guard let codec = parts.first(where: { $0.name == name })?.codec else { return [] }
    return try codec.sideInformation(in: bytes).map {
      SideInformationPicture(name: "\(name)-\($0.name)", image: $0.image)
    }
  }
}

/// The clock of a call that calls other codecs.
///
/// A part that times itself, because other processes do its work, would be counted with its waiting
/// and without its processor time. This clock puts what the part says in the place of what passed here.
public struct WrapperClock {
  private let wallStart = ContinuousClock.now
  private let processorStart = Self.processorSeconds
  private var wallCorrection = 0.0
  private var processorCorrection = 0.0
  private var isCorrected = false

  /// Starts the clock.
  public init() {}

  /// Makes a call of a part.
  public mutating func call<Value>(
    _ call: () throws(CodecError) -> (Value, CallDuration?)
  ) throws(CodecError) -> Value {
    let wallStart = ContinuousClock.now
    let processorStart = Self.processorSeconds
    let (value, duration) = try call()
    if let duration {
      isCorrected = true
      wallCorrection += duration.wallSeconds - wallStart.duration(to: .now) / .seconds(1)
      processorCorrection +=
        duration.processorSeconds - (Self.processorSeconds - processorStart)
    }
    return value
  }

  /// What the whole cost, or `nil` when no part timed itself, so that the harness's clock is right.
  public var duration: CallDuration? {
    guard isCorrected else { return nil }
    return CallDuration(
      wallSeconds: wallStart.duration(to: .now) / .seconds(1) + wallCorrection,
      processorSeconds: Self.processorSeconds - processorStart + processorCorrection)
  }

  private static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
