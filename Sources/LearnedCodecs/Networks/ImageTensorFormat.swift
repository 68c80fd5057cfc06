import Imaging

/// How networks take and give pictures: channels last, each number `(sample − center) / scale`.
package struct ImageTensorFormat: Sendable, Equatable {
  /// What stands beyond the right and bottom edge, where a window is larger than the picture.
  package enum Padding: Sendable {
    /// The last row and column repeated.
    case edge
    /// The rows and columns before the last in reverse, as in a mirror through the last.
    case reflection
  }

  /// 1 for grey, 3 for RGB.
  package let channelCount: Int
  /// The sample that becomes 0.
  package let center: Float
  /// The samples to a unit.
  package let scale: Float
  /// What stands beyond the picture.
  package let padding: Padding

  /// Describes tensors.
  ///
  /// - Precondition: there are 1 or 3 channels, and the scale is positive.
  package init(channelCount: Int, center: Float, scale: Float, padding: Padding) {
    precondition(channelCount == 1 || channelCount == 3, "pictures are grey or RGB")
    precondition(scale > 0, "a scale is positive")
    self.channelCount = channelCount
    self.center = center
    self.scale = scale
    self.padding = padding
  }

  /// Whether pictures of a colour model pass through: grey ones go through three channels as RGB.
  package func takes(_ colorModel: Image.ColorModel) -> Bool {
    colorModel.channelCount <= channelCount
  }

  /// A window of a picture, row by row, pixel by pixel, channel by channel.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - rows: rows of pixels from 0 on, some of which may lie below the picture.
  ///   - columns: columns of pixels from 0 on, some of which may lie right of the picture.
  /// - Precondition: ``takes(_:)`` its colour model.
  package func values(of image: Image, rows: Range<Int>, columns: Range<Int>) -> [Float] {
    precondition(takes(image.colorModel), "a grey network takes grey pictures")
    let scaled = (0...255).map { (Float($0) - center) / scale }
    let sourceColumns = columns.map { source($0, length: image.width) * image.channelCount }
    let step = image.channelCount == channelCount ? 1 : 0
    var values: [Float] = []
    values.reserveCapacity(channelCount * rows.count * columns.count)
    for row in rows {
      let start = source(row, length: image.height) * image.width * image.channelCount
      for column in sourceColumns {
        for channel in 0..<channelCount {
          values.append(scaled[Int(image.samples[start + column + channel * step])])
        }
      }
    }
    return values
  }

  /// The row or column of the picture that stands at an index.
  private func source(_ index: Int, length: Int) -> Int {
    switch padding {
    case .edge:
      return min(index, length - 1)
    case .reflection:
      guard length > 1 else { return 0 }
      let period = 2 * (length - 1)
      let rest = index % period
      return rest < length ? rest : period - rest
    }
  }

  /// Writes pixels that a network gave into the samples of a picture; a grey picture gets the mean of
  /// three channels.
  ///
  /// - Parameters:
  ///   - values: the network's output, of rows of `valueWidth` pixels.
  ///   - valueWidth: the pixels of a row of `values`.
  ///   - origin: where the first of `values` lies in the picture.
  ///   - rows: the rows of the picture to be written.
  ///   - columns: the columns of the picture to be written.
  ///   - samples: the picture's samples, of rows of `width` pixels.
  ///   - width: the pixels of a row of the picture.
  ///   - colorModel: the picture's colour model.
  func store(
    _ values: [Float], valueWidth: Int, origin: (row: Int, column: Int), rows: Range<Int>,
    columns: Range<Int>, into samples: inout [UInt8], width: Int, colorModel: Image.ColorModel
  ) {
    for y in rows {
      for x in columns {
        let source = channelCount * ((y - origin.row) * valueWidth + x - origin.column)
        let target = colorModel.channelCount * (y * width + x)
        if colorModel.channelCount == channelCount {
          for channel in 0..<channelCount {
            samples[target + channel] = sample(values[source + channel])
          }
        } else {
          let mean = (values[source] + values[source + 1] + values[source + 2]) / 3
          samples[target] = sample(mean)
        }
      }
    }
  }

  /// The 8-bit sample of a network's number: `round(clamp(scale · y + center, 0, 255))`.
  private func sample(_ value: Float) -> UInt8 {
    let scaled = scale * value + center
    // NaN compares false and becomes 0.
    guard scaled > 0 else { return 0 }
    return scaled < 255 ? UInt8(scaled.rounded(.toNearestOrEven)) : 255
  }
}
