import TestSupport
import Foundation
import HostileCodecs
import Testing

@testable import Benchmarking
@testable import CodecWorkers

/// Nothing that a run starts outlives it, however it ends.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WorkerLifetimeTests {
  /// Processes by their parent, from `ps`; zombies are left out.
  private func children(of parent: pid_t) throws -> [pid_t] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ps", "-A", "-o", "pid=,ppid=,stat="]
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count >= 3, pid_t(fields[1]) == parent, !fields[2].hasPrefix("Z") else {
        return nil
      }
      return pid_t(fields[0])
    }
  }

  /// All processes below one.
  private func descendants(of parent: pid_t) throws -> [pid_t] {
    let children = try children(of: parent)
    return try children + children.flatMap { try descendants(of: $0) }
  }

  /// Whether a process is there and no zombie.
  private func isAlive(_ process: pid_t) -> Bool {
    guard kill(process, 0) == 0 else { return false }
    let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return status.split(separator: ")").last?.hasPrefix(" Z") != true
  }

  /// Waits for a condition for at most twenty seconds.
  private func wait(until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<400 {
      if try condition() { return true }
      usleep(50_000)
    }
    return false
  }

  /// Starts a run whose two workers each do what never ends.
  private func start(
    _ behaviour: HostileCodec.Behaviour, in folder: TemporaryFolder, timeout: Double
  ) throws -> Process {
    try folder.writePictures(2)
    // Tests that were started in the background ignore Ctrl-C, and so would what they start.
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    let process = Process()
    process.executableURL = HostileWorker.executable
    process.arguments = ["run", folder.path, behaviour.rawValue, "\(timeout)"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test(arguments: [SIGKILL, SIGINT, SIGTERM, SIGHUP], [HostileCodec.Behaviour.hangs, .waits])
  func `workers end with a run that is killed, and so do the programs they started`(
    signal: Int32, behaviour: HostileCodec.Behaviour
  ) throws {
    let folder = try TemporaryFolder()
    let process = try start(behaviour, in: folder, timeout: 600)
    let count = behaviour == .waits ? 4 : 2
    var started: [pid_t] = []
    let areThere = try wait {
      started = try descendants(of: process.processIdentifier)
      return started.count >= count
    }
    #expect(areThere, "\(started.count) of \(count) processes were there")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let areGone = wait { !started.contains(where: isAlive) }
    #expect(areGone)
    for process in started where isAlive(process) { kill(process, SIGKILL) }
  }

  @Test func `what a codec has started ends with the codec's time`() throws {
    let folder = try TemporaryFolder()
    let process = try start(.waits, in: folder, timeout: 1)
    var started: Set<pid_t> = []
    while process.isRunning { started.formUnion(try descendants(of: process.processIdentifier)) }
    #expect(process.terminationStatus == 0)
    #expect(started.count >= 4)
    let areGone = wait { !started.contains(where: isAlive) }
    #expect(areGone)
  }

  @Test func `a run leaves no process and no zombie`() async throws {
    let folder = try TemporaryFolder()
    try folder.writePictures(3)
    let plan = Plan(
      dataset: try await folder.dataset(),
      sweeps: [try .hostile(.crashes), try .hostile(.works)], metrics: [.mse])
    let launch = HostileWorker.launch
    let host = WorkerHost(launch: launch, limits: .init())
    let image = try plan.dataset.images[0].load().image
    let sweep = plan.sweeps[1]
    _ = try host.encode(image, with: sweep.codec, at: sweep.points.qualities[0])
    let worker = try #require(host.processIdentifier)
    #expect(isAlive(worker))
    #expect(throws: CallFailure.self) {
      try host.encode(image, with: plan.sweeps[0].codec, at: sweep.points.qualities[0])
    }
    // Waited for, its id is free.
    #expect(host.processIdentifier == nil)
    #expect(kill(worker, 0) != 0)
    var last: pid_t?
    do {
      let host = WorkerHost(launch: launch, limits: .init())
      _ = try host.encode(image, with: sweep.codec, at: sweep.points.qualities[0])
      last = host.processIdentifier
    }
    #expect(kill(try #require(last), 0) != 0)
  }
}
