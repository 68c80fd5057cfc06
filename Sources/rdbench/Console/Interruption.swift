import Dispatch
import Foundation

/// Calls a handler on the first Ctrl-C or termination signal, or when the terminal goes away; a second
/// one ends the program at once.
struct Interruption {
  private let numbers: [Int32]
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  init(_ handler: @escaping @Sendable () -> Void) {
    // A program that was started to outlive its terminal (nohup) is not told that it went away.
    numbers = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        Console.writeError(
          "\nrdbench: finishing the measurements under way; again to stop at once\n")
        signal(number, SIG_DFL)
        handler()
      }
      source.resume()
      return source
    }
  }

  /// Stops listening and gives the signals their usual effect again.
  func end() {
    for source in sources { source.cancel() }
    for number in numbers { signal(number, SIG_DFL) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return handlerAddress(action) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handlerAddress(_ action: sigaction) -> Int {
    #if os(Linux)
      unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    #else
      unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self)
    #endif
  }
}
