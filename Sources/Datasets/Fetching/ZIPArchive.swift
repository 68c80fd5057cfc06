import CLibZip
import Foundation

/// A ZIP file that is open for reading.
///
/// Opening checks the whole directory: an archive with one name that leads out of a folder, is
/// listed twice, or is encrypted, or with sizes that nobody would expect, is refused as a whole.
@safe struct ZIPArchive: ~Copyable {
  /// The bounds on what an archive may unpack to.
  struct Limits {
    /// The most bytes that one member may have.
    var memberSize = 1 << 30
    /// The most bytes that all members may have, as a multiple of the archive's own size.
    var expansion = 100
  }

  /// One file in the archive.
  struct Member: Equatable {
    /// The position in the archive's directory.
    let index: Int
    /// The path, `/`-separated and safe to use below a folder.
    let path: String
    /// The number of bytes that it unpacks to.
    let size: Int
  }

  /// The files in the archive, in its order; folders are left out.
  let members: [Member]
  private let archive: OpaquePointer

  /// Opens an archive and checks its directory.
  ///
  /// - Throws: ``DatasetError`` of kind `archive`.
  init(path: String, limits: Limits = Limits()) throws(DatasetError) {
    var code: Int32 = 0
    guard let archive = unsafe zip_open(path, ZIP_RDONLY, &code) else {
      throw Self.error(path, "is no ZIP archive or is damaged (\(Self.text(ofCode: code)))")
    }
    do throws(DatasetError) {
      members = try unsafe Self.members(of: archive, path: path, limits: limits)
    } catch {
      unsafe zip_discard(archive)
      throw error
    }
    unsafe self.archive = unsafe archive
  }

  deinit { unsafe zip_discard(archive) }

  /// Unpacks a member, piece by piece; its CRC is checked.
  ///
  /// - Throws: ``DatasetError`` of kind `archive` for damaged data and `inaccessibleFile` when the
  ///   output cannot be written.
  func extract(_ member: Member, to path: String) throws(DatasetError) {
    guard let file = unsafe zip_fopen_index(archive, zip_uint64_t(member.index), 0) else {
      throw Self.error(member.path, "cannot be unpacked (\(lastErrorText))")
    }
    defer { unsafe zip_fclose(file) }
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let output = FileHandle(forWritingAtPath: path)
    else { throw DatasetError(.inaccessibleFile, "\(path) cannot be written; check its folder") }
    defer { try? output.close() }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var written = 0
    while true {
      let count = unsafe zip_fread(file, &buffer, zip_uint64_t(buffer.count))
      if count == 0 { break }
      written += Int(count)
      guard count > 0, written <= member.size else {
        throw Self.error(member.path, "is damaged in the archive")
      }
      do {
        try output.write(contentsOf: buffer[..<Int(count)])
      } catch {
        throw DatasetError(.inaccessibleFile, "\(path) cannot be written; check the free space")
      }
    }
    guard written == member.size else {
      throw Self.error(member.path, "is damaged in the archive")
    }
  }

  private static func members(
    of archive: OpaquePointer, path: String, limits: Limits
  ) throws(DatasetError) -> [Member] {
    var members: [Member] = []
    var names: Set<String> = []
    var totalSize = 0
    for index in unsafe 0..<Int(zip_get_num_entries(archive, 0)) {
      var status = unsafe zip_stat_t()
      unsafe zip_stat_init(&status)
      guard unsafe zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0,
        let name = unsafe status.name.map({ unsafe String(cString: $0) })
      else { throw error(path, "has a damaged directory") }
      let isFolder = name.hasSuffix("/")
      guard RelativePath.isSafe(isFolder ? String(name.dropLast()) : name) else {
        throw error(path, "holds the name \(printable(name)), which leads out of its folder")
      }
      guard names.insert(name).inserted else { throw error(path, "holds \(name) twice") }
      guard unsafe Int32(status.encryption_method) == ZIP_EM_NONE else {
        throw error(path, "holds \(name) encrypted")
      }
      let size = unsafe Int(clamping: status.size)
      guard size <= limits.memberSize else {
        throw error(path, "holds \(name) with \(size) bytes, more than \(limits.memberSize)")
      }
      totalSize += size
      if !isFolder { members.append(Member(index: index, path: name, size: size)) }
    }
    let archiveSize = (try? FileManager.default.attributesOfItem(atPath: path))?[.size]
    let limit = limits.expansion * ((archiveSize as? NSNumber)?.intValue ?? 0)
    guard totalSize <= limit else {
      throw error(
        path,
        "would unpack to \(totalSize) bytes, more than \(limits.expansion) times "
          + "its size")
    }
    return members
  }

  private static func error(_ path: String, _ problem: String) -> DatasetError {
    DatasetError(
      .archive, "\((path as NSString).lastPathComponent) \(problem); it was not unpacked")
  }

  /// A name without the control characters that would garble a terminal.
  private static func printable(_ name: String) -> String {
    String(
      name.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
  }

  private static func text(ofCode code: Int32) -> String {
    var error = unsafe zip_error_t()
    unsafe zip_error_init_with_code(&error, code)
    defer { unsafe zip_error_fini(&error) }
    return unsafe zip_error_strerror(&error).map { unsafe String(cString: $0) } ?? "unknown error"
  }

  private var lastErrorText: String {
    unsafe zip_error_strerror(zip_get_error(archive)).map { unsafe String(cString: $0) }
      ?? "unknown error"
  }
}
