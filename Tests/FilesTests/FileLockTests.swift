import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct FileLockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `an exclusive lock keeps all others out until its holder goes`() throws {
    let other = try FileLock(path: folder.file("lock"))
    do {
      let holder = try FileLock(path: folder.file("lock"))
      let isHeld1 = holder.attempt(.exclusive)
      #expect(isHeld1)
      let isHeld2 = other.attempt(.exclusive)
      #expect(!isHeld2)
      let isHeld3 = other.attempt(.shared)
      #expect(!isHeld3)
    }
    let isHeld4 = other.attempt(.exclusive)
    #expect(isHeld4)
    #expect(folder.exists("lock"))
  }

  @Test func `shared locks go together and keep an exclusive one out`() throws {
    let first = try FileLock(path: folder.file("lock"))
    let second = try FileLock(path: folder.file("lock"))
    let third = try FileLock(path: folder.file("lock"))
    try first.wait(.shared)
    let isHeld5 = second.attempt(.shared)
    #expect(isHeld5)
    let isHeld6 = third.attempt(.exclusive)
    #expect(!isHeld6)
  }

  @Test func `an open file is locked for its holder alone`() throws {
    try folder.write([1], to: "a")
    let url = URL(fileURLWithPath: folder.file("a"))
    let first = try FileHandle(forUpdating: url)
    let second = try FileHandle(forUpdating: url)
    #expect(first.lock())
    #expect(!second.lock())
    try first.close()
    #expect(second.lock())
  }

  @Test func `a lock in no folder fails`() {
    let error = #expect(throws: FileError.self) {
      _ = try FileLock(path: folder.file("none/lock")).attempt(.shared)
    }
    #expect(error?.number == ENOENT)
  }
}
