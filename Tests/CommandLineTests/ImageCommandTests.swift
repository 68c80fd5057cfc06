import TestSupport
import Foundation
import Testing

@Suite struct ImageCommandTests {
  @Test(arguments: [
    ("jpeg", "90", "jpg"), ("jpeg2000:mode=psnr", "40", "j2k"), ("webp:method=2", "90", "webp"),
    ("raw", nil, "ppm"),
  ])
  func `a picture goes through encode, decode and measure`(
    spec: String, quality: String?, suffix: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write(Pictures.rgb(width: 37, height: 21), to: "a.ppm")
    let encode =
      ["encode", "--codec", spec] + (quality.map { ["--quality", $0] } ?? [])
      + ["a.ppm", "coded.\(suffix)"]
    let encoded = try Program.run(encode, in: folder.path)
    #expect(encoded.exitCode == 0, "\(encoded.errors)")
    let size = try #require(folder.bytes("coded.\(suffix)")?.count)
    #expect(encoded.output.hasPrefix("coded.\(suffix): \(size) bytes, "))

    let decoded = try Program.run(["decode", "coded.\(suffix)", "b.png"], in: folder.path)
    #expect(decoded.exitCode == 0, "\(decoded.errors)")
    #expect(decoded.output.contains("37×21"))

    let measured = try Program.run(
      ["measure", "a.ppm", "b.png", "--json", "--metrics", "mse,psnr,ms_ssim"], in: folder.path)
    #expect(measured.exitCode == 0)
    let fields = try #require(
      JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any])
    #expect(fields["ms_ssim"] is NSNull)
    if spec == "raw" {
      #expect(fields["identical"] as? Bool == true)
      #expect(fields["psnr_db"] is NSNull)
    } else {
      #expect(try #require(fields["psnr_db"] as? Double) > 25)
    }
  }

  @Test func `codecs are listed with version, parameters and direction`() throws {
    let text = try Program.run(["codecs"])
    #expect(text.exitCode == 0)
    for word in ["jpeg2000", "OpenJPEG 2.", "subsampling=", "higher is better", "method="] {
      #expect(text.output.contains(word), "\(text.output)")
    }
    let json = try Program.run(["codecs", "--json"])
    let list = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    // Package traits bring further codecs, installed programs bring recipes.
    let always = ["jpeg", "jpeg2000", "webp", "raw"]
    #expect(list.compactMap { $0["id"] as? String }.filter(always.contains) == always)
  }
}
