import NeuralNetworks
import Synchronization

/// The networks of a codec, each compiled once for a size of window and used by all calls.
///
/// Pictures of one size have the same few windows, so a sweep compiles nothing after its first
/// picture. What is kept changes how long a call takes, never its result.
final class CompiledNetworks: Sendable {
  /// The two networks of a model.
  enum Part: Sendable {
    case analysis, synthesis
  }

  private struct Key: Equatable {
    let part: Part
    let digest: [UInt8]
    let height: Int
    let width: Int
  }

  /// A picture cut in both directions has nine sizes of windows in each part.
  private static let capacity = 32
  /// The one used last is at the end.
  private let entries = Mutex<[(key: Key, network: Network)]>([])

  /// The network for windows of `height` × `width` positions.
  ///
  /// - Parameters:
  ///   - part: the encoder or the decoder network.
  ///   - model: whose network.
  ///   - height: rows of positions.
  ///   - width: columns of positions.
  ///   - engine: always the same for one value of this type.
  /// - Throws: `NeuralNetworkError` when oneDNN refuses.
  func network(
    _ part: Part, of model: ContentWeightedModel, height: Int, width: Int, engine: Engine
  ) throws(NeuralNetworkError) -> Network {
    let key = Key(part: part, digest: model.digest, height: height, width: width)
    let known = entries.withLock { entries -> Network? in
      guard let index = entries.lastIndex(where: { $0.key == key }) else { return nil }
      entries.append(entries.remove(at: index))
      return entries.last?.network
    }
    if let known { return known }
    // Two calls may compile the same network at once; that costs time, and either will do.
    let builder =
      switch part {
      case .analysis: model.analysis(height: height, width: width, engine: engine)
      case .synthesis: model.synthesis(height: height, width: width, engine: engine)
      }
    let network = try Network(builder)
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeFirst() }
      entries.append((key, network))
    }
    return network
  }
}
