import Foundation
import Synchronization

/// What hostile codecs do.
enum Misbehaviour {
  /// Writes where nothing is.
  static func crash() {
    UnsafeMutablePointer<UInt8>(bitPattern: 8)?.pointee = 1
  }

  /// Does nothing for ever, on the processor.
  static func hang() -> Never {
    var turns: UInt64 = 0
    while true { turns &+= 1 }
  }

  /// Waits for a program that ends in an hour.
  static func waitForProgram() {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sleep")
    process.arguments = ["3600"]
    try? process.run()
    process.waitUntilExit()
  }

  /// Fills memory until something stops it.
  static func allocate() -> Never {
    // Kept where the optimiser cannot see that nobody reads it.
    while true {
      hoard.withLock { $0.append([UInt8](repeating: UInt8($0.count & 1) + 1, count: 16 << 20)) }
      usleep(2000)
    }
  }

  private static let hoard = Mutex<[[UInt8]]>([])

  /// Prints a megabyte by two ways.
  static func printMuch() {
    for _ in 0..<100 { print(String(repeating: "noise ", count: 1000)) }
    fflush(nil)
    let text = Array(String(repeating: "more noise ", count: 40000).utf8)
    write(STDOUT_FILENO, text, text.count)
  }

  /// Writes noise to every socket that is open.
  static func scribble() {
    signal(SIGPIPE, SIG_IGN)
    let noise = [UInt8](repeating: 0xA5, count: 4096)
    for descriptor in 3..<Int32(256) {
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { continue }
      write(descriptor, noise, noise.count)
    }
  }

  /// Closes all descriptors and hangs.
  static func closeEverything() -> Never {
    for descriptor in 0..<Int32(256) { close(descriptor) }
    hang()
  }

  private static let calls = Atomic<UInt8>(UInt8(truncatingIfNeeded: getpid()))

  /// Another byte at each call, and from one process to the next.
  static func nextByte() -> UInt8 { calls.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// Something that all threads share, as libraries with static variables do.
enum SharedState {
  private static let users = Atomic(0)
  private static let meetings = Atomic(0)

  /// Gives bytes back as they are to a thread that is alone, and spoilt to threads that meet here.
  static func pass(_ bytes: [UInt8]) -> [UInt8] {
    let before = meetings.load(ordering: .sequentiallyConsistent)
    if users.add(1, ordering: .sequentiallyConsistent).newValue > 1 {
      meetings.add(1, ordering: .sequentiallyConsistent)
    }
    defer { users.subtract(1, ordering: .sequentiallyConsistent) }
    for _ in 0..<40 {
      if meetings.load(ordering: .sequentiallyConsistent) != before {
        return bytes.dropLast() + [~(bytes.last ?? 0)]
      }
      usleep(5_000)
    }
    return bytes
  }
}
