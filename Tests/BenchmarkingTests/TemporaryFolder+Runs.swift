import TestSupport
import Foundation
import Imaging

@testable import Datasets

extension TemporaryFolder {
  /// Writes small pictures with seeded noise, `00.ppm`, `01.ppm`, …, every third one grey.
  func writePictures(_ count: Int) throws {
    var state: UInt64 = 7
    for index in 0..<count {
      let (width, height) = (17 + index, 23)
      let model: Image.ColorModel = index % 3 == 2 ? .gray : .rgb
      let samples = (0..<width * height * model.channelCount).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      let image = Image(width: width, height: height, colorModel: model, samples: samples)
      try write(PNM.encode(image), to: index < 10 ? "0\(index).ppm" : "\(index).ppm")
    }
  }

  /// The folder as a dataset.
  func dataset() async throws -> Dataset {
    try await DatasetLocator(roots: [], mayFetch: false).dataset(path)
  }
}
