import Foundation
import TestSupport
import Testing

@testable import ChildProcesses

@Suite struct ChildProcessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ script: String, executable: String = "/bin/sh", timeoutSeconds: Double = 60,
    outputLimit: Int = 1 << 20
  ) throws(SpawnError) -> ChildProcess.Outcome {
    try ChildProcess(
      executable: executable, arguments: ["sh", "-c", script],
      environment: ["PATH": "/usr/bin:/bin", "WORD": "a b"], folder: folder.path,
      standardOutput: folder.file("out"), standardError: folder.file("err"),
      timeoutSeconds: timeoutSeconds, limitedFiles: [folder.file("out")], outputLimit: outputLimit
    ).run()
  }

  /// Whether a process is gone or a zombie within some seconds.
  private func isGone(pidIn name: String) throws -> Bool {
    let text = try #require(folder.text(name)).trimmingCharacters(in: .whitespacesAndNewlines)
    let pid = try #require(pid_t(text))
    for _ in 0..<500 {
      if kill(pid, 0) != 0 { return true }
      let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
      if status.contains(") Z ") { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func `output, environment, folder and exit code arrive`() throws {
    let outcome = try run("echo \"$WORD\"; pwd >&2; touch made; read x || exit 7")
    #expect(outcome.ending == .ended(.exited(code: 7)))
    #expect(folder.text("out") == "a b\n")
    #expect(folder.exists("made"))
    #expect(
      folder.text("err")?.hasSuffix("\((folder.path as NSString).lastPathComponent)\n") == true)
  }

  @Test func `a signal is told apart from an exit code`() throws {
    #expect(try run("kill -SEGV $$").ending == .ended(.killed(signal: SIGSEGV)))
    #expect(try run("exit 139").ending == .ended(.exited(code: 139)))
  }

  @Test func `a program that takes too long is killed with its group`() throws {
    let outcome = try run("sleep 60 & echo $! > pid; wait", timeoutSeconds: 0.5)
    #expect(outcome.ending == .tookTooLong)
    #expect(outcome.wallSeconds < 30)
    #expect(try isGone(pidIn: "pid"))
  }

  @Test func `what a program leaves running is killed`() throws {
    let outcome = try run("sleep 60 & echo $! > pid")
    #expect(outcome.ending == .ended(.exited(code: 0)))
    #expect(try isGone(pidIn: "pid"))
  }

  @Test func `a program that writes too much is killed`() throws {
    let outcome = try run("while :; do echo 0123456789; done", outputLimit: 10_000)
    #expect(outcome.ending == .wroteTooMuch)
  }

  @Test func `a missing program is an error with the system's reason`() {
    let error = #expect(throws: SpawnError.self) { try run("", executable: folder.file("none")) }
    #expect(error?.number == ENOENT)
  }

  @Test func `a session is killed with the groups that its leader has made`() throws {
    let (process, socket) = try SessionProcess.start(
      executable: "/bin/sh",
      arguments: [
        "sh", "-c",
        // The leader waits for its socket: one that waited for its child would end with it.
        "set -m; cd '\(folder.file(""))'; sleep 60 & echo $! > new; mv new pid; read line",
      ], environment: ["PATH": "/usr/bin:/bin"])
    defer { close(socket) }
    for _ in 0..<1_000 where !folder.exists("pid") { usleep(10_000) }
    #expect(process.kill() == .killed(signal: SIGKILL))
    #expect(try isGone(pidIn: "pid"))
  }

  @Test func `a process that ends when its socket is closed is not killed`() throws {
    let (process, socket) = try SessionProcess.start(
      executable: "/bin/sh", arguments: ["sh", "-c", "read x; exit 3"],
      environment: ["PATH": "/usr/bin:/bin"])
    close(socket)
    #expect(process.endAfterClosing() == .exited(code: 3))
  }
}
