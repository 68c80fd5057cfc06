extension Report {
  /// An image and what the codecs made of it, at a few rates.
  public struct Picture: Encodable, Sendable {
    let image: Int
    let window: Window
    /// The whole image, reduced, as a data URI.
    let thumbnail: String
    /// The pictures as data URIs, the original first.
    let sources: [String]
    let rates: [Rate]
  }

  /// The part of an image that is shown, in pixels from the top left.
  public struct Window: Encodable, Hashable, Sendable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  /// The pictures that come nearest to a rate.
  struct Rate: Encodable, Sendable {
    let target: Double
    let entries: [Entry]
  }

  /// What one configuration made of the image.
  struct Entry: Encodable, Sendable {
    let curve: Int
    /// The position of its row.
    let row: Int
    /// The position of its picture.
    let source: Int
    let drawings: [Drawing]
  }

  /// A drawing of side information.
  struct Drawing: Encodable, Sendable {
    let name: String
    let source: Int
  }
}

/// Why a report cannot be made: one sentence without a full stop.
public struct ReportError: Error, Sendable, Equatable {
  /// What went wrong and what to do.
  public let message: String
}
