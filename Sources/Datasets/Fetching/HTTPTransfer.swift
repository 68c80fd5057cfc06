import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One GET request whose body goes to a file as it arrives, continuing what the file already holds.
///
/// `URLSession`'s delegate is used because it hands the body over in pieces: nothing is kept in
/// memory, and what arrived before a cut is on disk.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, Sendable {
  /// What a request asks for.
  struct Request: Sendable {
    /// The address.
    let url: URL
    /// How many bytes of the file are there already.
    let offset: Int
    /// The strong entity tag of those bytes, when it is known.
    let entityTag: String?
    /// The most bytes that the whole file may have.
    let maximumSize: Int
  }

  /// Why a request did not deliver the rest of the file.
  struct Failure: Error, Equatable {
    /// What may be done about it.
    enum Remedy: Equatable {
      /// The same request, later.
      case retry
      /// A request for the whole file.
      case restart
      /// Nothing.
      case giveUp
    }

    let remedy: Remedy
    /// A clause whose subject is the server, such as `answers with status 404`.
    let message: String
  }

  private struct State {
    var continuation: CheckedContinuation<Result<Void, Failure>, Never>?
    var failure: Failure?
    var size: Int
  }

  private let request: Request
  private let file: FileHandle
  private let didStart: @Sendable (_ entityTag: String?) -> Void
  private let didReceive: @Sendable (_ completed: Int) -> Void
  private let state: Mutex<State>

  private init(
    _ request: Request, file: FileHandle, didStart: @escaping @Sendable (String?) -> Void,
    didReceive: @escaping @Sendable (Int) -> Void
  ) {
    self.request = request
    self.file = file
    self.didStart = didStart
    self.didReceive = didReceive
    state = Mutex(State(size: request.offset))
  }

  /// Performs a request.
  ///
  /// - Parameters:
  ///   - file: open for writing; it is cut to nothing when the server sends the file from its start.
  ///   - didStart: called with the entity tag before the first byte of a whole file is written.
  ///   - didReceive: called after each piece with the number of bytes that the file then has.
  static func perform(
    _ request: Request, to file: FileHandle, didStart: @escaping @Sendable (String?) -> Void,
    didReceive: @escaping @Sendable (Int) -> Void
  ) async throws(Failure) {
    let transfer = HTTPTransfer(
      request, file: file, didStart: didStart, didReceive: didReceive)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 60
    configuration.urlCache = nil
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let session = URLSession(
      configuration: configuration, delegate: transfer, delegateQueue: queue)
    defer { session.finishTasksAndInvalidate() }
    let task = session.dataTask(with: transfer.urlRequest)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        transfer.state.withLock { $0.continuation = continuation }
        task.resume()
      }
    } onCancel: {
      transfer.note(.init(remedy: .giveUp, message: "was not waited for"))
    }
    try result.get()
  }

  private var urlRequest: URLRequest {
    var urlRequest = URLRequest(url: request.url, cachePolicy: .reloadIgnoringLocalCacheData)
    urlRequest.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    urlRequest.setValue("rdbench", forHTTPHeaderField: "User-Agent")
    if request.offset > 0 {
      urlRequest.setValue("bytes=\(request.offset)-", forHTTPHeaderField: "Range")
      if let entityTag = request.entityTag {
        urlRequest.setValue(entityTag, forHTTPHeaderField: "If-Range")
      }
    }
    return urlRequest
  }

  /// Follows a redirection, unless it leads to an unencrypted address.
  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping (URLRequest?) -> Void
  ) {
    if let url = request.url, DatasetManifest.isSecure(url) { return completionHandler(request) }
    note(.init(remedy: .giveUp, message: "redirects to an address that is not encrypted"))
    completionHandler(nil)
  }

  /// Decides by the status whether the body is the rest of the file, the whole file or neither.
  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse else { return completionHandler(.cancel) }
    switch response.statusCode {
    case 206 where rangeStart(of: response) == request.offset:
      break
    case 206, 416:
      note(.init(remedy: .restart, message: "sends another part than was asked for"))
    case 200:
      beginWholeFile(entityTag: response.value(forHTTPHeaderField: "ETag"))
    case let status where status == 408 || status == 429 || (500...599).contains(status):
      note(.init(remedy: .retry, message: "answers with status \(status)"))
    case let status:
      note(.init(remedy: .giveUp, message: "answers with status \(status)"))
    }
    completionHandler(state.withLock { $0.failure } == nil ? .allow : .cancel)
  }

  /// Writes a piece of the body, or stops the transfer when something is wrong.
  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let size = state.withLock { state in
      state.size += data.count
      if state.size > request.maximumSize {
        state.failure = .init(
          remedy: .restart, message: "sends more than \(request.maximumSize) bytes")
      }
      return state.failure == nil ? state.size : nil
    }
    guard let size else { return dataTask.cancel() }
    do {
      try file.write(contentsOf: data)
    } catch {
      note(.init(remedy: .giveUp, message: "sends data that cannot be written: \(error)"))
      return dataTask.cancel()
    }
    didReceive(size)
  }

  /// Ends the transfer.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    let (continuation, failure, size) = state.withLock { state in
      defer { state.continuation = nil }
      return (state.continuation, state.failure, state.size)
    }
    if let failure = failure ?? error.map(Failure.init) {
      continuation?.resume(returning: .failure(failure))
    } else if let total = total(of: task), size < total {
      continuation?.resume(
        returning: .failure(
          .init(remedy: .retry, message: "ends after \(size) of \(total) bytes")))
    } else {
      continuation?.resume(returning: .success(()))
    }
  }

  /// Remembers what went wrong first.
  ///
  /// Cancelling is left to the callbacks in which Foundation on Linux expects it.
  private func note(_ failure: Failure) {
    state.withLock { $0.failure = $0.failure ?? failure }
  }

  private func beginWholeFile(entityTag: String?) {
    do {
      try file.truncate(atOffset: 0)
    } catch {
      return note(.init(remedy: .giveUp, message: "sends data that cannot be written: \(error)"))
    }
    state.withLock { $0.size = 0 }
    didStart(entityTag.flatMap { $0.hasPrefix("W/") ? nil : $0 })
  }

  /// The first byte that a partial response holds, from `Content-Range: bytes 5-9/10`.
  private func rangeStart(of response: HTTPURLResponse) -> Int? {
    guard let range = response.value(forHTTPHeaderField: "Content-Range"),
      range.hasPrefix("bytes ")
    else { return nil }
    return Int(range.dropFirst("bytes ".count).prefix { $0 != "-" })
  }

  /// The size of the whole file, from the length of this response.
  private func total(of task: URLSessionTask) -> Int? {
    guard let response = task.response as? HTTPURLResponse,
      response.expectedContentLength >= 0
    else { return nil }
    let length = Int(response.expectedContentLength)
    return response.statusCode == 206 ? request.offset + length : length
  }
}

extension HTTPTransfer.Failure {
  /// Says what a transport error means.
  init(_ error: any Error) {
    switch (error as? URLError)?.code {
    case .cannotFindHost, .dnsLookupFailed:
      self.init(remedy: .giveUp, message: "is not known to the name service")
    case .cannotConnectToHost, .notConnectedToInternet:
      self.init(remedy: .retry, message: "cannot be reached")
    case .timedOut:
      self.init(remedy: .retry, message: "does not answer in time")
    case .networkConnectionLost:
      self.init(remedy: .retry, message: "breaks the connection")
    case .cancelled:
      self.init(remedy: .giveUp, message: "was not waited for: the download was cancelled")
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateNotYetValid, .serverCertificateHasUnknownRoot:
      self.init(
        remedy: .giveUp, message: "cannot prove its identity; check the system's certificates")
    default:
      let text = error.localizedDescription.split(separator: "\n").first ?? "unknown error"
      self.init(remedy: .retry, message: "breaks the connection (\(text))")
    }
  }
}
