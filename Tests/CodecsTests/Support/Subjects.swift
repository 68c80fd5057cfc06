import Codecs
import JPEG2000Codec
import JPEGCodec
import TestSupport
import WebPCodec

#if AVIF
  import AVIFCodec
#endif
#if HEIC
  import HEICCodec
#endif
#if JPEGXL
  import JPEGXLCodec
#endif

extension TestRegistry {
  static let raw = ConformanceSubject(
    RawCodec.provider, specs: [], isFaithful: true,
    hostileFile: { _ in Array("P6\n100000 100000\n255\n".utf8) }, hostileKind: .limitExceeded,
    protectedFields: { _ in 0..<0 }, repairChecksum: nil)

  static let jpeg = ConformanceSubject(
    JPEGCodec.provider,
    specs: ["jpeg:subsampling=422", "jpeg:subsampling=444:progressive=true"]
      + (hasArithmeticCoding ? ["jpeg:arithmetic=true"] : []),
    isFaithful: true,
    hostileFile: { $0.replacing(DeclaredSize.jpeg($0), with: [0xFF, 0xDC, 0xFF, 0xDC]) },
    hostileKind: .limitExceeded, protectedFields: DeclaredSize.jpeg, repairChecksum: nil)

  static let jpeg2000 = ConformanceSubject(
    JPEG2000Codec.provider, specs: ["jpeg2000:mode=psnr"], isFaithful: true,
    hostileFile: { bytes in
      // 100,000 × 100,000 in one tile of that size.
      [8, 12, 24, 28].reduce(bytes) {
        $0.replacing($1..<$1 + 4, with: [0x00, 0x01, 0x86, 0xA0])
      }
    }, hostileKind: .limitExceeded, protectedFields: { _ in 4..<51 }, repairChecksum: nil)

  // WebP cannot declare more than 16,383 × 16,383, which is within the limit: the file is refused as
  // damaged, and the memory that would hold the picture is never touched.
  static let webp = ConformanceSubject(
    WebPCodec.provider, specs: ["webp:method=0", "webp:sharp_yuv=true"], isFaithful: true,
    hostileFile: { $0.replacing(26..<30, with: [0xFF, 0x3F, 0xFF, 0x3F]) },
    hostileKind: .corruptData, protectedFields: { _ in 26..<30 }, repairChecksum: nil)

  /// The codecs behind package traits that this build has.
  static let optional: [ConformanceSubject] = {
    var subjects: [ConformanceSubject] = []
    #if AVIF
      subjects.append(
        ConformanceSubject(
          AVIFCodec.provider,
          specs: ["avif:subsampling=420:speed=8", "avif:depth=10:speed=8"], isFaithful: true,
          hostileFile: DeclaredSize.hugeSpatialExtents, hostileKind: .limitExceeded,
          protectedFields: DeclaredSize.imageSpatialExtents, repairChecksum: nil))
    #endif
    #if JPEGXL
      subjects.append(
        ConformanceSubject(
          JPEGXLCodec.provider, specs: ["jpegxl:effort=3"], isFaithful: true,
          hostileFile: { _ in DeclaredSize.jpegXLHeader(width: 100_000, height: 100_000) },
          hostileKind: .limitExceeded, protectedFields: { _ in 2..<11 }, repairChecksum: nil))
    #endif
    #if HEIC
      subjects.append(
        ConformanceSubject(
          HEICCodec.provider, specs: ["heic:subsampling=420:preset=fast:tune=ssim"],
          isFaithful: true, hostileFile: DeclaredSize.hugeSpatialExtents,
          hostileKind: .limitExceeded, protectedFields: DeclaredSize.imageSpatialExtents,
          repairChecksum: nil))
    #endif
    return subjects
  }()

  /// The learned codecs; their files end with a CRC-32, name their model in bytes 3 to 6 and declare
  /// small sizes in bytes 8 and 9.
  static let learned = LearnedCodecs.providers.map { provider in
    ConformanceSubject(
      provider, specs: LearnedCodecs.specs.filter { $0.hasPrefix("\(provider.id):") },
      isFaithful: false, hostileFile: { _ in LearnedCodecs.hostileFile(provider.id) },
      hostileKind: .limitExceeded, protectedFields: { _ in 3..<10 },
      repairChecksum: { repairTrailingCRC32(&$0) })
  }
}
