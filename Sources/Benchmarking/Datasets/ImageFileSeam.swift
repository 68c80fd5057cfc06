import Foundation
import Imaging

/// Stands in for the reader of Imaging until that is there: binary PNM without comments.
public struct DecodedImage: Sendable {
  /// The picture.
  public let image: Image
  /// What the reader ignored.
  public let warnings: [String]
}

enum ImageFile {
  static func read(path: String) throws(ImageError) -> DecodedImage {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ImageError(.inaccessibleFile, "the file cannot be read")
    }
    let bytes = [UInt8](data)
    let header = bytes.split(maxSplits: 4, omittingEmptySubsequences: true) { $0 == 10 || $0 == 32 }
    guard header.count == 5, let kind = String(bytes: header[0], encoding: .ascii),
      let width = Int(String(decoding: header[1], as: UTF8.self)),
      let height = Int(String(decoding: header[2], as: UTF8.self)),
      let model: Image.ColorModel = kind == "P6" ? .rgb : kind == "P5" ? .gray : nil,
      bytes.count >= width * height * model.channelCount
    else { throw ImageError(.unknownFormat, "the file is no binary PNM") }
    return DecodedImage(
      image: Image(
        width: width, height: height, colorModel: model,
        samples: Array(bytes.suffix(width * height * model.channelCount))), warnings: [])
  }
}
