import Foundation
import Imaging

/// Which pictures a report shows, and how much of them.
public struct PictureSelection: Sendable {
  /// Which images.
  public enum Images: Sendable, Equatable {
    /// The first ones that have kept pictures.
    case first(Int)
    /// Those of these names, each of which must have kept pictures.
    case named([String])
  }

  /// Which images.
  public var images: Images
  /// The rates at which the codecs are compared, in bits per pixel, each above 0.
  public var rates: [Double]
  /// The largest width and height of the part that is shown.
  public var size: (width: Int, height: Int)
  /// Its top left corner, or `nil` for the middle of the image.
  public var origin: (x: Int, y: Int)?

  /// Makes a selection.
  ///
  /// - Precondition: there is a rate, and the part has a pixel.
  public init(
    images: Images = .first(4), rates: [Double] = [0.25, 0.5, 1],
    size: (width: Int, height: Int) = (288, 192), origin: (x: Int, y: Int)? = nil
  ) {
    precondition(!rates.isEmpty && rates.allSatisfy { $0.isFinite && $0 > 0 })
    precondition(size.width > 0 && size.height > 0)
    self.images = images
    self.rates = rates
    self.size = size
    self.origin = origin
  }

  /// The part of an image that is shown: moved and cut so that it lies inside.
  func window(in image: Image) -> Report.Window {
    let width = min(size.width, image.width)
    let height = min(size.height, image.height)
    let x = origin?.x ?? (image.width - width) / 2
    let y = origin?.y ?? (image.height - height) / 2
    return Report.Window(
      x: min(max(x, 0), image.width - width), y: min(max(y, 0), image.height - height),
      width: width, height: height)
  }

  /// What the page says about its pictures.
  public var note: String {
    "The pictures are parts of the decoders' own output, stored without loss; the page shows each "
      + "pixel as it is, two or four times enlarged. For each rate, every codec shows the kept "
      + "measurement of this image that comes nearest, by the ratio of the rates; the captions say "
      + "what it really needed."
  }
}

extension Image {
  /// A part of the picture.
  ///
  /// - Precondition: the window lies inside.
  func cropped(to window: Report.Window) -> Image {
    cropped(x: window.x, y: window.y, width: window.width, height: window.height)
  }

  /// The picture reduced by a whole factor until it fits, each pixel the mean of a square; what is
  /// left over on the right and at the bottom is cut.
  func reduced(toFit limit: (width: Int, height: Int)) -> Image {
    let factor = max(
      1, (width + limit.width - 1) / limit.width, (height + limit.height - 1) / limit.height)
    let side = min(factor, width, height)
    let small = (width: width / side, height: height / side)
    var means: [UInt8] = []
    means.reserveCapacity(small.width * small.height * channelCount)
    for y in 0..<small.height {
      for x in 0..<small.width {
        for channel in 0..<channelCount {
          var sum = 0
          for row in y * side..<(y + 1) * side {
            for column in x * side..<(x + 1) * side {
              sum += Int(samples[(row * width + column) * channelCount + channel])
            }
          }
          means.append(UInt8((sum + side * side / 2) / (side * side)))
        }
      }
    }
    return Image(
      width: small.width, height: small.height, colorModel: colorModel, samples: means)
  }

  /// The picture as a PNG file in a data URI.
  func dataURI() throws(ReportError) -> String {
    do throws(ImageError) {
      return "data:image/png;base64," + Data(try PNG.encode(self)).base64EncodedString()
    } catch {
      throw ReportError(message: error.message)
    }
  }
}
