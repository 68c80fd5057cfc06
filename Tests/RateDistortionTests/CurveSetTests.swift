import Testing

import RateDistortion

@Suite struct CurveSetTests {
  private let jpeg = CurveKey(codec: "jpeg", dataset: "kodak")
  private let webp = CurveKey(codec: "webp", dataset: "kodak")
  private let raw = CurveKey(codec: "raw", dataset: "kodak")

  @Test func `curves are over the images that every codec finished`() throws {
    let psnr = try measure("psnr_db")
    let failed = SweepMeasurement(image: "b", pixelCount: 9, quality: 1, outcome: .failed)
    let set = CurveSet(
      [
        try Sweep(key: jpeg, measurements: [sample("a", 5, 30), sample("b", 5, 20)]),
        try Sweep(key: webp, measurements: [sample("a", 1, 35), failed]),
      ], measure: psnr)
    #expect(set.curves.map(\.imageCount) == [1, 1])
    #expect(set.curves.map { $0.points[0].score.value } == [30, 35])
    #expect(set.notes == [.imagesLeftOut(dataset: "kodak", names: ["b"], kept: 1)])
  }

  @Test func `a lossless codec is left out and does not hold back the others`() throws {
    let set = CurveSet(
      [
        try Sweep(key: jpeg, measurements: [sample("a", 5, 0.9)]),
        try Sweep(key: raw, measurements: [sample("a", nil, rate: 24, 1, lossless: true)]),
      ], measure: try measure("ssim"))
    #expect(set.curves.map(\.key) == [jpeg])
    #expect(set.notes == [.lossless(raw)])
  }

  @Test func `a codec without a complete image is left out and named`() throws {
    let failed = SweepMeasurement(image: "a", pixelCount: 9, quality: 9, outcome: .failed)
    let set = CurveSet(
      [
        try Sweep(key: jpeg, measurements: [sample("a", 5, 30)]),
        try Sweep(key: webp, measurements: [sample("a", 1, 35), failed]),
      ], measure: try measure("psnr_db"))
    #expect(set.curves.map(\.key) == [jpeg])
    #expect(set.notes == [.incomplete(webp)])
  }

  @Test func `codecs without a common image give no curve`() throws {
    let set = CurveSet(
      [
        try Sweep(key: jpeg, measurements: [sample("a", 5, 30)]),
        try Sweep(key: webp, measurements: [sample("b", 1, 35)]),
      ], measure: try measure("psnr_db"))
    #expect(set.curves.isEmpty)
    #expect(set.notes == [.noCommonImage(dataset: "kodak")])
  }

  @Test func `a curve of an unnamed set is told apart by its file`() {
    let keys = [
      CurveKey(codec: "WebP"), CurveKey(codec: "WebP", dataset: "kodak", source: "theirs"),
    ]
    let labels = CurveLabels(keys)
    #expect(keys.map { labels[$0] } == ["WebP", "WebP (theirs)"])
  }

  @Test func `labels hold what differs and nothing else`() {
    let keys = [
      CurveKey(codec: "jpeg", parameters: "arithmetic=false;subsampling=420", source: "a"),
      CurveKey(codec: "jpeg", parameters: "arithmetic=false;subsampling=444", source: "a"),
      CurveKey(codec: "jpeg", parameters: "arithmetic=true;subsampling=420", source: "a"),
      CurveKey(codec: "webp", parameters: "method=6", source: "a"),
      CurveKey(codec: "webp", parameters: "method=6", source: "b"),
      CurveKey(codec: "jpeg2000", parameters: "mode=rate", source: "a"),
    ]
    let labels = CurveLabels(keys, names: ["jpeg2000": "JPEG 2000"])
    #expect(
      keys.map { labels[$0] } == [
        "jpeg subsampling=420", "jpeg subsampling=444", "jpeg arithmetic subsampling=420",
        "webp (a)", "webp (b)", "JPEG 2000",
      ])
  }
}
