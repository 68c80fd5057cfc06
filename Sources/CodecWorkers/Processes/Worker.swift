import Codecs
import Foundation
import Imaging

/// The other side of isolation: a process that makes codec calls for a run until the run ends.
///
/// The socket comes as standard input. It is moved where no codec looks for it, and what codecs
/// print goes to standard error.
public struct Worker {
  private let registry: CodecRegistry
  private let limits: WorkerLimits
  private let channel: FrameChannel
  private var codecs: [CodecIdentity: any Codec] = [:]
  private var image: Image?

  /// Takes over the process's standard input.
  ///
  /// - Parameters:
  ///   - registry: the codecs that may be asked for.
  ///   - residentBytes: the most memory that the process may have resident, or `nil` for any amount.
  /// - Returns: `nil` when standard input is no socket, so nobody's run has started this process.
  public init?(registry: CodecRegistry, residentBytes: Int?) {
    var status = stat()
    guard unsafe fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
      return nil
    }
    let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 64)
    let nowhere = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0, nowhere >= 0, dup2(nowhere, STDIN_FILENO) >= 0,
      dup2(STDERR_FILENO, STDOUT_FILENO) >= 0
    else { return nil }
    close(nowhere)
    self.registry = registry
    limits = WorkerLimits(residentBytes: residentBytes)
    channel = FrameChannel(owning: descriptor)
  }

  /// Answers requests until the run closes the socket.
  public mutating func run() {
    limits.watch(channel.descriptor)
    do throws(FrameChannel.Failure) {
      try channel.send(WorkerReply.ready(version: WorkerReply.version))
      while true {
        let (request, body) = try channel.receive(WorkerRequest.self)
        guard let answer = answer(request, body) else { continue }
        limits.check()
        try channel.send(answer.reply, body: answer.body)
      }
    } catch {
      // The run has ended, or is not one of ours.
    }
  }

  private mutating func answer(
    _ request: WorkerRequest, _ body: [UInt8]
  ) -> (reply: WorkerReply, body: [UInt8])? {
    do throws(CallFailure) {
      let host = InProcessHost(isAlone: true)
      switch request {
      case .keep(let geometry):
        image = geometry.image(samples: body)
        return nil
      case .encode(let identity, let quality):
        guard let image else { return (.refused("there is no picture to encode"), []) }
        let quality = quality.map(Quality.value) ?? .fixed
        let encoded = try host.encode(image, with: try codec(identity), at: quality)
        let sections = encoded.value.sections.map {
          SectionSize(name: $0.name.rawValue, bytes: $0.byteCount)
        }
        return (.encoded(encoded.time, sections: sections), encoded.value.bytes)
      case .decode(let identity):
        let decoded = try host.decode(body, with: try codec(identity))
        return (.decoded(decoded.time, Geometry(decoded.value)), decoded.value.samples)
      case .roundTrip(let identity, let quality):
        guard let image else { return (.refused("there is no picture to encode"), []) }
        let quality = quality.map(Quality.value) ?? .fixed
        let again = try host.roundTrip(image, with: try codec(identity), at: quality)
        return (.repeated(again), [])
      }
    } catch {
      return (.refused(error.message), [])
    }
  }

  private mutating func codec(_ identity: CodecIdentity) throws(CallFailure) -> any Codec {
    if let codec = codecs[identity] { return codec }
    let codec: any Codec
    do throws(CodecError) {
      codec = try registry.codec(CodecSpec(id: identity.id, parameters: identity.parameters))
    } catch {
      throw CallFailure(.encodeFailed, error.message)
    }
    guard CodecIdentity(codec.descriptor) == identity else {
      throw CallFailure(
        .encodeFailed,
        "the codec's process has \(codec.descriptor.version), "
          + "the run began with \(identity.version): was something installed in the meantime?")
    }
    codecs[identity] = codec
    return codec
  }
}
