import Imaging
import Testing

@Suite struct ImagePartTests {
  private let gray = Image(
    width: 3, height: 3, colorModel: .gray, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9])
  private let rgb = Image(
    width: 2, height: 2, colorModel: .rgb, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])

  @Test func `a part has the samples of its rows`() {
    #expect(
      gray.cropped(x: 1, y: 0, width: 2, height: 2)
        == Image(width: 2, height: 2, colorModel: .gray, samples: [2, 3, 5, 6]))
    #expect(
      rgb.cropped(x: 1, y: 0, width: 1, height: 2)
        == Image(width: 1, height: 2, colorModel: .rgb, samples: [4, 5, 6, 10, 11, 12]))
    #expect(gray.cropped(x: 0, y: 0, width: 3, height: 3) == gray)
  }

  @Test func `enlargement repeats each pixel in a square`() {
    #expect(gray.enlarged(by: 1) == gray)
    #expect(
      rgb.enlarged(by: 2)
        == Image(
          width: 4, height: 4, colorModel: .rgb,
          samples: [
            1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
            7, 8, 9, 7, 8, 9, 10, 11, 12, 10, 11, 12, 7, 8, 9, 7, 8, 9, 10, 11, 12, 10, 11, 12,
          ]))
  }

  @Test func `a part beyond the picture is a mistake of the program`() async {
    await #expect(processExitsWith: .failure) {
      let image = Image(width: 2, height: 1, colorModel: .gray, samples: [0, 0])
      _ = image.cropped(x: 1, y: 0, width: 2, height: 1)
    }
  }
}
