import Foundation
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1 that can misbehave in the ways that downloads must survive.
final class LoopbackServer: Sendable {
  /// What is offered under one path.
  struct Resource {
    var body: [UInt8]
    var entityTag: String? = "\"v1\""
    var honoursRanges = true
    /// Statuses to answer the first requests with instead.
    var statuses: [Int] = []
    /// After how many bytes of the body to cut the first connections; `nil` for never.
    var cuts: [Int?] = []
    /// Where to send the client instead.
    var redirection: String?
  }

  /// One request as it came in; header names in lower case.
  struct Request: Equatable {
    let path: String
    let headers: [String: String]
  }

  private struct State {
    var resources: [String: Resource]
    var requests: [Request] = []
    var isStopping = false
  }

  let port: UInt16
  private let descriptor: Int32
  private let state: Mutex<State>
  private let didStop = DispatchSemaphore(value: 0)

  init(_ resources: [String: Resource]) throws {
    state = Mutex(State(resources: resources))
    descriptor = Self.streamSocket()
    var address = Self.address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        let isStopping = state.withLock { $0.isStopping }
        if connection >= 0, !isStopping { serve(connection) }
        if connection >= 0 { close(connection) }
        if isStopping { break }
      }
      close(descriptor)
      didStop.signal()
    }.start()
  }

  /// Stops listening; afterwards connections are refused.
  ///
  /// Only the thread that accepts connections closes the socket, so that it never accepts from
  /// another one that was given the same number.
  func stop() {
    state.withLock { $0.isStopping = true }
    let waking = Self.streamSocket()
    var address = Self.address(port: port)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = connect(waking, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    close(waking)
    didStop.wait()
  }

  private static func streamSocket() -> Int32 {
    #if os(Linux)
      socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socket(AF_INET, SOCK_STREAM, 0)
    #endif
  }

  private static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// The address of a path.
  func url(_ path: String) -> URL { URL(string: "http://127.0.0.1:\(port)\(path)")! }

  /// The requests so far.
  var requests: [Request] { state.withLock { $0.requests } }

  /// Puts something else under a path.
  func offer(_ resource: Resource, at path: String) {
    state.withLock { $0.resources[path] = resource }
  }

  private func serve(_ connection: Int32) {
    guard let request = readRequest(connection) else { return }
    let answer = state.withLock { state in
      state.requests.append(request)
      guard var resource = state.resources[request.path] else { return response(404) }
      defer { state.resources[request.path] = resource }
      if let target = resource.redirection { return response(302, ["Location: \(target)"]) }
      if !resource.statuses.isEmpty { return response(resource.statuses.removeFirst()) }
      let cut = resource.cuts.isEmpty ? nil : resource.cuts.removeFirst()
      return content(of: resource, for: request, cut: cut)
    }
    #if os(Linux)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
      var isOn: Int32 = 1
      setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<Int32>.size))
    #endif
    answer.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = send(connection, bytes.baseAddress! + sent, bytes.count - sent, flags)
        if count <= 0 { return }
        sent += count
      }
    }
  }

  private func content(of resource: Resource, for request: Request, cut: Int?) -> [UInt8] {
    var headers: [String] = []
    if let tag = resource.entityTag { headers.append("ETag: \(tag)") }
    var body = resource.body[...]
    var status = 200
    let condition = request.headers["if-range"]
    if resource.honoursRanges, condition == nil || condition == resource.entityTag,
      let range = request.headers["range"], let start = Int(range.dropFirst(6).dropLast())
    {
      guard start < body.count else { return response(416) }
      status = 206
      headers.append("Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)")
      body = body[start...]
    }
    headers.append("Content-Length: \(body.count)")
    return head(status, headers) + body.prefix(cut ?? body.count)
  }

  private func response(_ status: Int, _ headers: [String] = []) -> [UInt8] {
    head(status, headers + ["Content-Length: 4"]) + Array("oops".utf8)
  }

  private func head(_ status: Int, _ headers: [String]) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) Text", "Connection: close"] + headers + ["", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  private func readRequest(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
      bytes.append(byte)
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return Request(path: String(words[1]), headers: headers)
  }
}
