import Codecs

/// What a ``CropFigure`` shows of a run.
public struct CropSelection: Sendable {
  /// The part of a picture.
  public struct Window: Sendable {
    /// Width and height in pixels, each at least 1.
    public let size: (width: Int, height: Int)
    /// The upper left corner, or `nil` for the middle of the picture.
    public let origin: (x: Int, y: Int)?

    /// Makes a window.
    ///
    /// - Precondition: it has a pixel.
    public init(size: (width: Int, height: Int), origin: (x: Int, y: Int)? = nil) {
      precondition(size.width > 0 && size.height > 0)
      self.size = size
      self.origin = origin
    }

  }

  /// The rate in bits per pixel, above 0.
  public let rate: Double
  /// The images' paths inside their dataset, or `nil` for the first two of the results.
  public let images: [String]?
  /// The codecs in the order of the crops, or `nil` for all that lose something.
  public let codecs: [CodecSpec]?
  /// Other names for codecs.
  public let names: CodecLabels
  /// The part of each image, by the image's path.
  public let windows: [String: Window]
  /// The part of the other images, or `nil` for 160 by 120 pixels from the middle.
  public let otherWindow: Window?

  /// Makes a selection.
  ///
  /// - Precondition: `rate` is finite and above 0.
  public init(
    rate: Double, images: [String]? = nil, codecs: [CodecSpec]? = nil, names: CodecLabels = .init(),
    windows: [String: Window] = [:], otherWindow: Window? = nil
  ) {
    precondition(rate.isFinite && rate > 0)
    self.rate = rate
    self.images = images
    self.codecs = codecs
    self.names = names
    self.windows = windows
    self.otherWindow = otherWindow
  }
}
