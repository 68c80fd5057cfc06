/// How a long side is cut into overlapping windows, each computed by itself.
///
/// A window is a core, of which the results are kept, and a margin around it as wide as the
/// network's receptive field reaches, so that the kept results do not depend on the cut. At the
/// ends of the side there is no margin: there the network's own zero padding has to be met.
public struct Tiling: Sendable, Equatable {
  /// One window.
  public struct Window: Sendable, Hashable {
    /// What is computed.
    public let extent: Range<Int>
    /// The part of it that is kept.
    public let core: Range<Int>
  }

  /// The windows from first to last; their cores follow one another without gap.
  public let windows: [Window]

  /// Cuts a side.
  ///
  /// - Parameters:
  ///   - length: the side, at least 1.
  ///   - coreLength: the longest core, at least 1. All but the last have this length.
  ///   - margin: how far a result depends on its neighbours.
  public init(length: Int, coreLength: Int, margin: Int) {
    precondition(length > 0 && coreLength > 0 && margin >= 0, "a side has positive lengths")
    windows = stride(from: 0, to: length, by: coreLength).map { start in
      let end = min(start + coreLength, length)
      return Window(
        extent: max(0, start - margin)..<min(length, end + margin), core: start..<end)
    }
  }
}
