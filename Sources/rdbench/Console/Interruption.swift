import Dispatch
import Foundation

/// Calls a handler on the first Ctrl-C or termination signal; a second one ends the program at once.
struct Interruption {
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  init(_ handler: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { number in
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
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}
