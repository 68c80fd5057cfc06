import TestSupport
import CodecRecipes
import Codecs
import Foundation
import Imaging
import Testing

/// The recipes that come with rdbench, where their programs are installed.
///
/// In Debian they are in `libjpeg-turbo-progs`, `libopenjp2-tools`, `webp`, `libavif-bin`,
/// `libjxl-tools` and `libheif-examples`.
@Suite struct ShippedRecipeTests {
  private static let recipes: [CodecRecipe] = CodecRecipes.all.compactMap { entry in
    try? CodecRecipe(data: entry.data, fileName: entry.name, folder: nil)
  }

  /// Those whose programs are here.
  private static let installed = recipes.filter { (try? $0.provider.codec()) != nil }.map(\.name)

  private static let missing =
    recipes.map(\.name).filter { !installed.contains($0) }.joined(separator: ", ")

  private func codec(_ spec: String) throws -> any Codec {
    try CodecRegistry(Self.recipes.map(\.provider)).codec(spec: spec)
  }

  @Test func `each is valid and called as its file is`() throws {
    for entry in CodecRecipes.all {
      let recipe = try CodecRecipe(data: entry.data, fileName: entry.name, folder: nil)
      #expect(recipe.name == entry.name)
    }
  }

  @Test(.enabled(if: missing.isEmpty, "install the programs of \(missing) to run them"))
  func `all can run here`() {
    #expect(Self.installed.count == CodecRecipes.all.count)
  }

  @Test(arguments: installed, Image.ColorModel.allCases)
  func `pictures come back, also small and odd ones`(
    name: String, colorModel: Image.ColorModel
  ) throws {
    for (width, height) in [(1, 1), (3, 5), (96, 80)] {
      let isTooSmall = name == "recipe-opj" && width < 32
      let codec = try codec(isTooSmall ? "\(name):resolutions=1" : name)
      #expect(codec.descriptor.libraryVersion.contains(/[0-9]+\.[0-9]+/))
      let image = TestPicture.discs(width: width, height: height, colorModel: colorModel)
      let decoded = try codec.decode(try codec.encode(image, at: codec.bestQuality).bytes)
      #expect((decoded.width, decoded.height) == (width, height))
      if width > 9 { #expect(meanSquaredError(decoded, image) < 65) }
    }
  }

  @Test(arguments: installed)
  func `more quality costs bytes and lowers the error`(name: String) throws {
    let codec = try codec(name)
    let image = TestPicture.discs(width: 192, height: 128)
    let points = try [codec.sweep[1], codec.middleQuality, codec.bestQuality].map { quality in
      let encoded = try codec.encode(image, at: quality)
      return (encoded.bytes.count, meanSquaredError(try codec.decode(encoded.bytes), image))
    }
    #expect(points[0].0 < points[1].0 && points[1].0 < points[2].0, "\(points)")
    #expect(points[0].1 > points[1].1 && points[1].1 > points[2].1, "\(points)")
  }

  @Test(arguments: installed)
  func `bytes that are no picture are refused`(name: String) throws {
    let codec = try codec(name)
    let error = #expect(throws: CodecError.self) {
      try codec.decode(Array("this is a text, not a picture".utf8))
    }
    #expect(error?.kind == .corruptData && error?.codec == name)
  }

  /// A recipe, the adapter of the same library at the same settings, and qualities of both.
  private struct Pair: Sendable, CustomTestStringConvertible {
    let recipe: String
    let adapter: String
    let qualities: [Double]
    /// Bytes by which the program's header is longer: cjxl writes out that the colours are sRGB.
    var extraHeaderBytes = 0
    /// How far samples may be apart: avifdec converts colour in libyuv's fixed-point arithmetic.
    var colorTolerance = 0

    var testDescription: String { "\(recipe) and \(adapter)" }
  }

  private static let pairs = [
    Pair(recipe: "recipe-cjpeg", adapter: "jpeg", qualities: [5, 75]),
    Pair(recipe: "recipe-cjpeg:sample=1x1", adapter: "jpeg:subsampling=444", qualities: [75]),
    Pair(recipe: "recipe-opj", adapter: "jpeg2000:mode=psnr", qualities: [28, 40]),
    Pair(recipe: "recipe-cwebp", adapter: "webp", qualities: [10, 75]),
    Pair(
      recipe: "recipe-avifenc:speed=8", adapter: "avif:speed=8", qualities: [60, 20],
      colorTolerance: 1),
    Pair(recipe: "recipe-cjxl", adapter: "jpegxl", qualities: [4, 1], extraHeaderBytes: 3),
    Pair(recipe: "recipe-heif-enc", adapter: "heic", qualities: [20, 60]),
  ].filter { pair in
    installed.contains(String(pair.recipe.split(separator: ":")[0]))
      && TestRegistry.ids.contains(String(pair.adapter.split(separator: ":")[0]))
  }

  @Test(arguments: pairs)
  private func `a recipe gives the bytes and pictures of the adapter`(pair: Pair) throws {
    let outside = try codec(pair.recipe)
    let inside = try TestRegistry.registry.codec(spec: pair.adapter)
    let image = TestPicture.discs(width: 190, height: 126)
    for quality in pair.qualities {
      let bytes = try inside.encode(image, at: .value(quality)).bytes
      let outsideBytes = try outside.encode(image, at: .value(quality)).bytes
      #expect(outsideBytes.count == bytes.count + pair.extraHeaderBytes)
      let headerCount = pair.extraHeaderBytes == 0 ? 0 : 8
      #expect(
        outsideBytes.dropFirst(headerCount + pair.extraHeaderBytes) == bytes.dropFirst(headerCount))

      let expected = try inside.decode(bytes)
      let decoded = try outside.decode(outsideBytes)
      #expect(
        zip(decoded.samples, expected.samples).allSatisfy {
          abs(Int($0) - Int($1)) <= pair.colorTolerance
        })
      #expect((decoded.width, decoded.height) == (expected.width, expected.height))
    }
  }
}
