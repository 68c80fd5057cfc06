import ChildProcesses
import Codecs
import Foundation
import Imaging

/// Makes codec calls in a worker process, which is started at the first call and again after each
/// failure.
final class WorkerHost: CodecHost {
  private let launch: WorkerLaunch
  private let limits: Isolation.Limits
  private var worker: WorkerProcess?
  /// The picture that the worker has.
  private var keptImage: Image?

  /// The worker's process, while there is one.
  var processIdentifier: pid_t? { worker?.id }

  /// Describes a worker without starting it.
  init(launch: WorkerLaunch, limits: Isolation.Limits) {
    self.launch = launch
    self.limits = limits
  }

  func encode(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> Timed<EncodedImage> {
    let identity = CodecIdentity(codec.descriptor)
    let (reply, body) = try call(
      .encode(identity, quality: quality.number), keeping: image, for: .encoding)
    guard case .encoded(let time, let sizes) = reply,
      let encoded = Self.encodedImage(body, sections: sizes)
    else { throw giveUp(while: .encoding, .malformed) }
    return Timed(value: encoded, time: time)
  }

  func decode(_ bytes: [UInt8], with codec: any Codec) throws(CallFailure) -> Timed<Image> {
    let (reply, body) = try call(
      .decode(CodecIdentity(codec.descriptor)), body: bytes, for: .decoding)
    guard case .decoded(let time, let geometry) = reply, let image = geometry.image(samples: body)
    else { throw giveUp(while: .decoding, .malformed) }
    return Timed(value: image, time: time)
  }

  func roundTrip(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> RoundTrip {
    let identity = CodecIdentity(codec.descriptor)
    let (reply, _) = try call(
      .roundTrip(identity, quality: quality.number), keeping: image, for: .repeating)
    guard case .repeated(let roundTrip) = reply else {
      throw giveUp(while: .repeating, .malformed)
    }
    return roundTrip
  }

  /// What a worker is asked to do.
  private enum Work: String {
    case starting, encoding, decoding, repeating

    /// What it is when the codec refuses.
    var refusal: CallFailure.Kind { self == .decoding ? .decodeFailed : .encodeFailed }
    /// How many calls of a codec it takes, one after the other if there is one processor.
    var callCount: Double { self == .repeating ? 4 : 1 }
  }

  /// Sends a request and waits for its reply.
  private func call(
    _ request: WorkerRequest, body: [UInt8] = [], keeping image: Image? = nil,
    for work: Work
  ) throws(CallFailure) -> (WorkerReply, [UInt8]) {
    let reply: (head: WorkerReply, body: [UInt8])
    let worker = try runningWorker()
    let deadline = ContinuousClock.now + .seconds(seconds(for: work))
    do throws(FrameChannel.Failure) {
      if let image, image != keptImage {
        try worker.channel.send(
          WorkerRequest.keep(Geometry(image)), body: image.samples, before: deadline)
        keptImage = image
      }
      try worker.channel.send(request, body: body, before: deadline)
      reply = try worker.channel.receive(WorkerReply.self, before: deadline)
    } catch {
      throw giveUp(while: work, error)
    }
    if case .refused(let message) = reply.head {
      throw CallFailure(work.refusal, message)
    }
    return reply
  }

  /// How long some work may take: a program has time to start, however short its calls are to be.
  private func seconds(for work: Work) -> Double {
    work == .starting ? max(30, limits.callSeconds) : limits.callSeconds * work.callCount
  }

  private func runningWorker() throws(CallFailure) -> WorkerProcess {
    if let worker { return worker }
    let worker: WorkerProcess
    do throws(SpawnError) {
      worker = try WorkerProcess(launch, arguments: WorkerLimits(limits).arguments)
    } catch {
      throw CallFailure(.crashed, "the codec's process cannot be started: \(error.message)")
    }
    self.worker = worker
    keptImage = nil
    let deadline = ContinuousClock.now + .seconds(seconds(for: .starting))
    do throws(FrameChannel.Failure) {
      let (reply, _) = try worker.channel.receive(WorkerReply.self, before: deadline)
      guard reply == .ready(version: WorkerReply.version) else {
        throw FrameChannel.Failure.malformed
      }
    } catch {
      throw giveUp(while: .starting, error)
    }
    return worker
  }

  /// Ends the worker and says what was wrong with it.
  private func giveUp(while work: Work, _ failure: FrameChannel.Failure) -> CallFailure {
    guard let worker else { preconditionFailure("there is no worker to give up") }
    self.worker = nil
    switch failure {
    case .timedOut:
      worker.kill()
      return CallFailure(
        .timedOut, "\(work) took longer than \(formatNumber(seconds(for: work))) s")
    case .malformed:
      worker.kill()
      return CallFailure(
        .crashed, "the codec's process sent something that is no answer")
    case .closed:
      return describe(worker.endAfterClosing(), while: work)
    }
  }

  private func describe(_ end: ProcessEnd?, while work: Work) -> CallFailure {
    switch end {
    case .exited(WorkerLimits.memoryExitCode):
      CallFailure(
        .outOfMemory, "\(work) took more than \(limits.residentBytes ?? 0) bytes of memory")
    case .exited(WorkerLimits.unknownMemoryExitCode):
      CallFailure(
        .crashed,
        "the system does not say how much memory a process takes, so leave out --memory-limit")
    case .exited(let code):
      CallFailure(
        .crashed, "the codec's process ended with exit code \(code) while \(work)")
    case .killed(SIGKILL):
      CallFailure(
        .crashed,
        "the codec's process was killed from outside while \(work) (SIGKILL), "
          + "as the system does when its memory runs out")
    case .killed(let signal):
      CallFailure(
        .crashed, "the codec's process crashed while \(work): \(signalName(signal))")
    case nil:
      CallFailure(
        .crashed, "the codec's process stopped answering while \(work)")
    }
  }

  private static func encodedImage(
    _ bytes: [UInt8], sections: [SectionSize]
  ) -> EncodedImage? {
    var known: [EncodedImage.Section] = []
    var rest = bytes.count
    for section in sections {
      guard let name = EncodedImage.Section.Name(rawValue: section.name), known[name] == nil,
        (0...rest).contains(section.bytes)
      else { return nil }
      known.append(EncodedImage.Section(name, section.bytes))
      rest -= section.bytes
    }
    guard known.isEmpty || rest == 0 else { return nil }
    return EncodedImage(bytes: bytes, sections: known)
  }
}

/// A signal's name and what it means.
private func signalName(_ signal: Int32) -> String {
  switch signal {
  case SIGSEGV: "segmentation fault (SIGSEGV)"
  case SIGBUS: "bus error (SIGBUS)"
  case SIGILL: "illegal instruction (SIGILL)"
  case SIGTRAP: "trap (SIGTRAP)"
  case SIGABRT: "aborted (SIGABRT)"
  case SIGFPE: "arithmetic error (SIGFPE)"
  default: "signal \(signal)"
  }
}
