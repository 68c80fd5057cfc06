import Codecs
import Testing

@testable import Results

@Suite struct KeptPicturesTests {
  private func subject(
    image: String = "kodim01.png", codec: String = "jpeg", parameters: String = "",
    quality: Quality = .value(25)
  ) -> ResultRow.Subject {
    ResultRow.Subject(
      dataset: "kodak", image: image, imageSHA256: nil, width: nil, height: nil, codec: codec,
      codecVersion: "1", parameters: parameters, quality: quality)
  }

  @Test func `paths follow from the row`() {
    let row = subject(parameters: "progressive=false;subsampling=420")
    #expect(
      KeptPictures.originalPath(dataset: "kodak", image: "kodim01.png")
        == "images/kodak/kodim01.png/original.png")
    #expect(
      KeptPictures.reconstructionPath(of: row)
        == "images/kodak/kodim01.png/jpeg@25@progressive=false+subsampling=420.png")
    #expect(
      KeptPictures.sideInformationPath(of: row, name: "importance-map")
        == "images/kodak/kodim01.png/"
        + "jpeg@25@progressive=false+subsampling=420@importance-map.png")
    #expect(
      KeptPictures.reconstructionPath(of: subject(codec: "raw", quality: .fixed))
        == "images/kodak/kodim01.png/raw@fixed@.png")
    #expect(
      KeptPictures.reconstructionPath(of: subject(quality: .value(0.1)))
        == "images/kodak/kodim01.png/jpeg@0.1@.png")
  }

  @Test func `no name leaves its folder`() {
    for image in ["../../secret.png", "/etc/passwd", "..", ".", ".hidden", "a\u{0}b", "a\\b"] {
      let path = KeptPictures.reconstructionPath(of: subject(image: image))
      let components = path.split(separator: "/", omittingEmptySubsequences: false)
      #expect(components.count == 4)
      #expect(components.allSatisfy { !$0.hasPrefix(".") && !$0.contains("\\") && !$0.isEmpty })
      #expect(path.utf8.allSatisfy { (0x21..<0x7F).contains($0) })
    }
    #expect(
      KeptPictures.originalPath(dataset: "my set", image: "sub/Käse.png")
        == "images/my%20set/sub%2FK%C3%A4se.png/original.png")
  }

  @Test func `different rows have different paths`() {
    let texts = [
      "a", "a@b", "a%40b", "a+b", "a;b", "a%2Bb", "a/b", "a%2Fb", ".a", "%2Ea", "a~b", "fixed", "",
      String(repeating: "x", count: 201), String(repeating: "x", count: 202),
      String(repeating: "é", count: 90),
    ]
    var paths: Set<String> = []
    var count = 0
    for image in texts where !image.isEmpty {
      for codec in texts where !codec.isEmpty {
        for parameters in texts {
          for quality in [Quality.fixed, .value(1)] {
            let row = subject(
              image: image, codec: codec, parameters: parameters, quality: quality)
            paths.insert(KeptPictures.reconstructionPath(of: row))
            paths.insert(KeptPictures.sideInformationPath(of: row, name: "importance-map"))
            count += 2
          }
        }
      }
    }
    #expect(paths.count == count)
    #expect(paths.allSatisfy { $0.split(separator: "/").allSatisfy { $0.utf8.count <= 255 } })
  }
}
