import Foundation

/// Why a file could not be written or locked.
package struct FileError: Error, Equatable, Sendable {
  /// The system's error number, `nil` where it did not give one.
  package let number: Int32?

  /// Takes the number of the call that has just failed.
  package init() {
    number = errno
  }

  /// Takes the number that an error of Foundation stands for.
  package init(_ error: any Error) {
    if let error = error as? FileError {
      self = error
    } else {
      number =
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission: EACCES
        case .fileNoSuchFile: ENOENT
        case .fileWriteOutOfSpace: ENOSPC
        case .fileWriteVolumeReadOnly: EROFS
        default: nil
        }
    }
  }

  /// The reason in a few words, the same on every system.
  package var reason: String {
    switch number {
    case EACCES, EPERM: "permission denied"
    case ENOENT, ENOTDIR: "its folder does not exist"
    case ENOSPC, EDQUOT: "the disk is full"
    case EROFS: "the disk is read-only"
    case let number?: unsafe String(cString: strerror(number))
    case nil: "unknown error"
    }
  }
}
