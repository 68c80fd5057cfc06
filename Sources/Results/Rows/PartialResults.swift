import Files
import Foundation

/// `results.partial.csv`, the file that rows go to while a run lasts, and what an earlier run left in it.
///
/// The file is locked as long as its run lasts. Beside it, `results.partial.json` names the run
/// (`RunIdentity.fingerprint`). A run that finds the file of the same run, broken off, keeps its rows
/// from the beginning to the first line that is torn or not the plan's next; the file of another run
/// is moved aside.
package struct PartialResults {
  /// The name of the file.
  package static let name = "results.partial.csv"
  private static let noteName = "results.partial.json"

  /// The file.
  package let url: URL
  /// How many rows of an earlier run it begins with.
  package let keptRowCount: Int
  /// Where the rows of another run are now, if there were any.
  package let rescuedPath: String?
  private let handle: FileHandle

  /// Which run a partial file belongs to.
  private struct Note: Codable {
    let fingerprint: String
  }

  /// Opens the file for a run.
  ///
  /// - Parameters:
  ///   - folder: where the results go; it is there.
  ///   - fingerprint: the run.
  ///   - stoppedResults: the rows of this run when it was stopped by Ctrl-C, if it was; they are gone
  ///     on with when there is no partial file.
  ///   - keep: takes a row that an earlier run left at a position of the plan; `false` when it is not
  ///     the row that belongs there.
  /// - Throws: ``ResultsError`` when the folder cannot be written or another run is writing to it.
  package init(
    folder: URL, fingerprint: String, stoppedResults: URL?,
    keep: (_ position: Int, ResultRow) -> Bool
  ) throws(ResultsError) {
    url = folder.appendingPathComponent(Self.name)
    let note = folder.appendingPathComponent(Self.noteName)
    let header = ResultsFile.header.utf8.count
    var rescuedPath: String?
    var handle = try Self.lock(url, folder: folder)
    let isSameRun =
      (try? JSONDecoder().decode(Note.self, from: Data(contentsOf: note)))?.fingerprint
      == fingerprint
    if Self.size(of: handle) > header, !isSameRun {
      rescuedPath = try Self.moveAside(url, in: folder)
      handle = try Self.lock(url, folder: folder)
    }
    self.rescuedPath = rescuedPath
    do {
      // From here on the rows belong to this run.
      try AtomicFile.write(
        JSONEncoder().encode(Note(fingerprint: fingerprint)), to: note.path)
      if Self.size(of: handle) <= header, let stoppedResults {
        handle = try Self.replace(url, by: stoppedResults)
      }
      self.handle = handle
      keptRowCount = try Self.keepRows(of: handle, keep: keep)
    } catch {
      throw ResultsError(
        "the output folder \(folder.path) cannot be written, perhaps the disk is full")
    }
  }

  /// Appends text.
  ///
  /// - Throws: ``ResultsError`` when the disk is full; what is in the file stays.
  package func write(_ text: String) throws(ResultsError) {
    guard !text.isEmpty else { return }
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw ResultsError(
        "\(url.path) cannot be written, perhaps the disk is full; the same command goes on from there"
      )
    }
  }

  /// Gives the file its final name, once all its bytes are on the disk.
  package func rename(to target: URL) throws {
    try AtomicFile.rename(url.path, to: target.path)
    let note = url.deletingLastPathComponent().appendingPathComponent(Self.noteName)
    unsafe unlink(note.path)
  }

  /// Waits until all bytes are on the disk.
  package func synchronize() throws { try handle.synchronize() }

  /// Locks a file, and waits up to a second for that: a run that has just ended may still be in the
  /// system's hands, and a process that is being started holds all locks for a moment.
  private static func isLocked(_ handle: FileHandle) -> Bool {
    for _ in 0..<20 {
      if handle.lock() { return true }
      usleep(50_000)
    }
    return handle.lock()
  }

  /// Opens and locks the file.
  private static func lock(_ url: URL, folder: URL) throws(ResultsError) -> FileHandle {
    while true {
      let descriptor = unsafe open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw ResultsError("the output folder \(folder.path) cannot be written")
      }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      guard isLocked(handle) else {
        throw ResultsError(
          "another run is writing to \(folder.path); wait for it, or choose another --output")
      }
      // Its run may have ended, and the file have another name, between the two calls.
      var (opened, named) = (stat(), stat())
      if unsafe fstat(descriptor, &opened) == 0, unsafe stat(url.path, &named) == 0,
        opened.st_ino == named.st_ino
      {
        return handle
      }
    }
  }

  /// Moves the file to a name that is free.
  private static func moveAside(_ url: URL, in folder: URL) throws(ResultsError) -> String {
    var number = 1
    while true {
      let target = folder.appendingPathComponent("results.partial-\(number).csv")
      if !FileManager.default.fileExists(atPath: target.path) {
        do throws(FileError) {
          try AtomicFile.rename(url.path, to: target.path)
        } catch {
          throw ResultsError("\(url.path) is in the way and cannot be moved")
        }
        return target.path
      }
      number += 1
    }
  }

  private static func size(of handle: FileHandle) -> Int {
    var status = stat()
    return unsafe fstat(handle.fileDescriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Puts a locked copy of a file in the place of the partial one, all of it or nothing.
  private static func replace(_ url: URL, by source: URL) throws -> FileHandle {
    try AtomicFile.replace(url.path) { copy in
      guard copy.lock() else { throw FileError() }
      let reader = try FileHandle(forReadingFrom: source)
      while let piece = try reader.read(upToCount: 1 << 20), !piece.isEmpty {
        try copy.write(contentsOf: piece)
      }
    }
  }

  /// Hands on the rows that can be kept and cuts off the rest; the next write follows them.
  private static func keepRows(
    of handle: FileHandle, keep: (Int, ResultRow) -> Bool
  ) throws -> Int {
    try handle.seek(toOffset: 0)
    var lines = LineReader(handle)
    var count = 0
    var end: UInt64 = 0
    if let header = try lines.next(), header == Array(ResultsFile.header.utf8) {
      end = UInt64(header.count)
      while let line = try lines.next(), let row = ResultsFile.row(line: line), keep(count, row) {
        count += 1
        end += UInt64(line.count)
      }
    }
    try handle.truncate(atOffset: end)
    try handle.seek(toOffset: end)
    if end == 0 { try handle.write(contentsOf: Data(ResultsFile.header.utf8)) }
    return count
  }
}

/// The complete lines of a CSV file, one at a time, line ends inside quotation marks left alone.
private struct LineReader {
  private let handle: FileHandle
  private var piece: ArraySlice<UInt8> = []

  init(_ handle: FileHandle) {
    self.handle = handle
  }

  /// The next line with its line end; `nil` at the end, also when the last line has no line end.
  mutating func next() throws -> [UInt8]? {
    var line: [UInt8] = []
    var isQuoted = false
    while true {
      if piece.isEmpty {
        guard let data = try handle.read(upToCount: 1 << 16), !data.isEmpty else { return nil }
        piece = ArraySlice(data)
      }
      let byte = piece.removeFirst()
      line.append(byte)
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted { return line }
    }
  }
}
