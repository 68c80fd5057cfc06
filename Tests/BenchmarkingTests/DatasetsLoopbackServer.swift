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
  }

  let port: UInt16
  private let descriptor: Int32
  private let state: Mutex<State>

  init(_ resources: [String: Resource]) throws {
    state = Mutex(State(resources: resources))
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
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
        if connection < 0 { return }
        serve(connection)
        close(connection)
      }
    }.start()
  }

  /// Stops accepting connections.
  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
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
    answer.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        #if os(Linux)
          let flags = Int32(MSG_NOSIGNAL)
        #else
          let flags: Int32 = 0
        #endif
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
