import CDNNLShims

/// What runs networks: oneDNN on this machine's processor, in one precision, on a number of threads.
///
/// An engine may be shared between tasks. Results never depend on what it ran before; all that it
/// keeps is memory for the next run.
public final class Engine: Sendable {
  /// How activations and weights are stored and multiplied.
  public let precision: Precision
  /// How many threads each layer is divided between.
  public let threadCount: Int
  let handle: EngineHandle
  let workspaces = WorkspacePool()

  /// Starts oneDNN.
  ///
  /// - Parameters:
  ///   - precision: how activations and weights are stored and multiplied.
  ///   - threadCount: how many threads each layer is divided between, from 1.
  ///   - emulatesPrecision: whether to run `bfloat16` on processors without instructions for it,
  ///     where it is slower than `float32`; for tests.
  /// - Throws: ``NeuralNetworkError`` of kind `unavailable` in a build without oneDNN, for
  ///   `bfloat16` on a processor that does not multiply it, and for several threads with a oneDNN
  ///   that does not run on OpenMP, whose number of threads cannot be set.
  public convenience init(
    precision: Precision, threadCount: Int, emulatesPrecision: Bool = false
  ) throws(NeuralNetworkError) {
    try self.init(
      precision: precision, threadCount: threadCount, emulatesPrecision: emulatesPrecision,
      canSetThreadCount: CDNNLCanSetThreadCount())
  }

  /// As the public one, for a oneDNN that may or may not let the number of threads be set.
  init(
    precision: Precision, threadCount: Int, emulatesPrecision: Bool, canSetThreadCount: Bool
  ) throws(NeuralNetworkError) {
    precondition(threadCount > 0, "an engine needs at least one thread")
    if precision == .bfloat16, !emulatesPrecision, !Self.multipliesBFloat16 {
      throw NeuralNetworkError(
        .unavailable,
        "bf16 needs a processor with AVX512-BF16 or AMX, and oneDNN reports "
          + "\(Self.instructionSet): use f32")
    }
    // A build without oneDNN says so itself, below.
    if threadCount > 1, !canSetThreadCount, !Self.libraryVersion.isEmpty {
      throw NeuralNetworkError(
        .unavailable,
        "this oneDNN does not run on OpenMP, so its number of threads cannot be set: "
          + "use 1 thread")
    }
    self.precision = precision
    self.threadCount = threadCount
    handle = try EngineHandle()
  }

  /// The version of oneDNN in use, such as `2.6.3`, empty in a build without it.
  public static var libraryVersion: String {
    var text = [CChar](repeating: 0, count: 32)
    unsafe CDNNLVersion(&text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The best instruction set that oneDNN uses here, such as `cpu_isa_avx512_core`, after any limit
  /// set with the environment variable `ONEDNN_MAX_CPU_ISA`.
  public static var instructionSet: String {
    unsafe String(cString: CDNNLInstructionSet())
  }

  /// Whether the processor multiplies 16-bit brain floats.
  public static var multipliesBFloat16: Bool { CDNNLHasNativeBFloat16() }

  /// Sets the number of threads for the calls that the current thread makes next.
  func enter() {
    CDNNLSetThreadCount(Int32(clamping: threadCount))
  }
}

/// The owner of oneDNN's engine.
@safe final class EngineHandle: @unchecked Sendable {
  // oneDNN's engines are immutable, so tasks may share one.
  let pointer: OpaquePointer

  init() throws(NeuralNetworkError) {
    var created: OpaquePointer?
    try check(unsafe CDNNLEngineCreate(&created), "start oneDNN")
    guard let created = unsafe created else {
      throw NeuralNetworkError(.unavailable, "oneDNN gave no engine")
    }
    unsafe pointer = created
  }

  deinit { unsafe CDNNLEngineDestroy(pointer) }
}

/// Turns a status of `CDNNLShims` into an error that says what was attempted.
func check(_ status: Int32, _ attempt: @autoclosure () -> String) throws(NeuralNetworkError) {
  guard status != 0 else { return }
  let text = unsafe String(cString: CDNNLStatusText(status))
  if status == CDNNLStatusUnavailable {
    throw NeuralNetworkError(.unavailable, "this build of rdbench is without oneDNN")
  }
  throw NeuralNetworkError(
    .libraryFailure, "oneDNN could not \(attempt()): \(text)", libraryCode: Int(status))
}
