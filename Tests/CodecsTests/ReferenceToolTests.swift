import TestSupport
import Codecs
import Foundation
import Imaging
import Testing

/// The adapters against the libraries' own command-line programs at the same settings.
///
/// Bytes must be equal and decoded pictures identical: the adapter adds and loses nothing. That is
/// sharper than the bound of 0.05 dB and 1 % of the rate that results must keep. The tools are in
/// the Debian packages `libjpeg-turbo-progs`, `libopenjp2-tools` and `webp`. With
/// `RDBENCH_DATASETS` set the picture is kodim01, otherwise a generated one.
@Suite struct ReferenceToolTests {
  private static let hasJPEGTools = Tool.isInstalled("cjpeg") && Tool.isInstalled("djpeg")
  private static let hasOpenJPEGTools =
    Tool.isInstalled("opj_compress") && Tool.isInstalled("opj_decompress")
  private static let hasWebPTools = Tool.isInstalled("cwebp") && Tool.isInstalled("dwebp")

  @Test(
    .enabled(if: hasJPEGTools, "install libjpeg-turbo-progs to run"),
    arguments: [
      ("jpeg", ["-sample", "2x2"]), ("jpeg:subsampling=422", ["-sample", "2x1"]),
      ("jpeg:subsampling=444:progressive=true", ["-sample", "1x1", "-progressive"]),
    ], [5.0, 50, 95])
  func `jpeg equals cjpeg and djpeg`(
    configuration: (spec: String, options: [String]), quality: Double
  ) throws {
    try compare(
      configuration.spec, quality: quality,
      encode: { input, output in
        ["cjpeg", "-baseline", "-optimize", "-dct", "int", "-quality", "\(Int(quality))"]
          + configuration.options + ["-outfile", output, input]
      },
      decode: { input, output in ["djpeg", "-dct", "int", "-pnm", "-outfile", output, input] })
  }

  @Test(
    .enabled(if: hasOpenJPEGTools, "install libopenjp2-tools to run"),
    arguments: [
      ("jpeg2000", 0.25, ["-r", "96"]), ("jpeg2000", 2, ["-r", "12"]),
      ("jpeg2000:mode=psnr", 36, ["-q", "36"]),
    ] as [(String, Double, [String])])
  func `jpeg2000 equals opj_compress and opj_decompress`(
    spec: String, quality: Double, options: [String]
  ) throws {
    try compare(
      spec, quality: quality,
      encode: { input, output in ["opj_compress", "-I", "-i", input, "-o", output] + options },
      decode: { input, output in ["opj_decompress", "-i", input, "-o", output] })
  }

  @Test(
    .enabled(if: hasWebPTools, "install webp to run"),
    arguments: [
      ("webp", ["-m", "6"]), ("webp:method=2", ["-m", "2"]),
      ("webp:sharp_yuv=true", ["-m", "6", "-sharp_yuv"]),
    ], [10.0, 75])
  func `webp equals cwebp and dwebp`(
    configuration: (spec: String, options: [String]), quality: Double
  ) throws {
    try compare(
      configuration.spec, quality: quality,
      encode: { input, output in
        ["cwebp", "-quiet", "-q", "\(Int(quality))"] + configuration.options
          + [input, "-o", output]
      },
      decode: { input, output in ["dwebp", "-quiet", "-ppm", input, "-o", output] })
  }

  /// Runs adapter and programs on one picture and compares bytes and pictures.
  private func compare(
    _ spec: String, quality: Double, encode: (String, String) -> [String],
    decode: (String, String) -> [String]
  ) throws {
    let codec = try TestRegistry.registry.codec(spec: spec)
    let folder = try TemporaryFolder()
    let original = folder.file("original.ppm")
    let coded = folder.file("coded.\(codec.descriptor.fileExtension)")
    let decoded = folder.file("decoded.ppm")
    let image = try Self.picture()
    try ImageFile.write(image, path: original)
    try Tool.run(encode(original, coded))
    try Tool.run(decode(coded, decoded))

    let encoded = try codec.encode(image, at: .value(quality))
    #expect(encoded.bytes == Array(try Data(contentsOf: URL(filePath: coded))))
    #expect(try codec.decode(encoded.bytes) == ImageFile.read(path: decoded).image)
  }

  private static func picture() throws -> Image {
    guard let root = ProcessInfo.processInfo.environment["RDBENCH_DATASETS"] else {
      return TestPicture.discs(width: 381, height: 253)
    }
    return try ImageFile.read(path: "\(root)/kodak/kodim01.png").image
  }
}

/// Programs found on the PATH.
private enum Tool {
  static func isInstalled(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  /// Runs a program to its end; what it prints is dropped.
  static func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " ")) failed")
  }
}
