import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AtomicFileTests {
  private struct Failure: Error {}
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [AtomicFile.Draft.sameName, .unique], [true, false])
  func `a file takes another one's place and permissions`(
    draft: AtomicFile.Draft, isDurable: Bool
  ) throws {
    try folder.write(Array("old and longer".utf8), to: "a")
    #expect(chmod(folder.file("a"), 0o640) == 0)
    try AtomicFile.write(
      Data("new".utf8), to: folder.file("a"), draft: draft, isDurable: isDurable)
    #expect(folder.text("a") == "new")
    #expect(try folder.contents() == ["a"])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("a"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test(arguments: [AtomicFile.Draft.sameName, .unique])
  func `a write that fails half-way leaves the old file and nothing else`(
    draft: AtomicFile.Draft
  ) throws {
    try folder.write(Array("old".utf8), to: "a")
    #expect(throws: FileError.self) {
      _ = try AtomicFile.replace(folder.file("a"), draft: draft) { handle in
        try handle.write(contentsOf: Data("half".utf8))
        throw Failure()
      }
    }
    #expect(folder.text("a") == "old")
    #expect(try folder.contents() == ["a"])
  }

  @Test func `a folder in the file's place is left, and so is nothing else`() throws {
    try folder.write([1], to: "a/inside")
    #expect(throws: FileError.self) { try AtomicFile.write(Data([2]), to: folder.file("a")) }
    #expect(try folder.contents() == ["a/inside"])
  }

  @Test func `the remains of a killed program are written over`() throws {
    try folder.write(Array("remains of a longer text".utf8), to: "a.new")
    try AtomicFile.write(Data("new".utf8), to: folder.file("a"))
    #expect(folder.text("a") == "new" && !folder.exists("a.new"))
  }

  @Test func `a missing folder is named as the reason`() {
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write(Data(), to: folder.file("none/a"))
    }
    #expect(error?.reason == "its folder does not exist")
  }

  @Test(
    arguments: [
      (CocoaError.Code.fileWriteNoPermission, "permission denied"),
      (.fileNoSuchFile, "its folder does not exist"), (.fileWriteOutOfSpace, "the disk is full"),
      (.fileWriteVolumeReadOnly, "the disk is read-only"), (.coderInvalidValue, "unknown error"),
    ])
  func `Foundation's errors have words of their own`(code: CocoaError.Code, reason: String) {
    #expect(FileError(CocoaError(code)).reason == reason)
  }
}
