import Codecs
import JPEG2000Codec
import JPEGCodec
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

/// Every codec of the build and the configurations that the conformance suite goes through.
enum TestRegistry {
  /// The codecs that need nothing but their library.
  static let conventional = CodecRegistry(
    [RawCodec.provider, JPEGCodec.provider, JPEG2000Codec.provider, WebPCodec.provider]
      + optional.map(\.provider))

  /// The codecs behind package traits that this build has, with further specs for each.
  private static let optional: [(provider: CodecProvider, specs: [String])] = {
    var codecs: [(CodecProvider, [String])] = []
    #if AVIF
      codecs.append(
        (AVIFCodec.provider, ["avif:subsampling=420:speed=8", "avif:depth=10:speed=8"]))
    #endif
    #if JPEGXL
      codecs.append((JPEGXLCodec.provider, ["jpegxl:effort=3"]))
    #endif
    #if HEIC
      codecs.append((HEICCodec.provider, ["heic:subsampling=420:preset=fast:tune=ssim"]))
    #endif
    return codecs
  }()

  static let registry = CodecRegistry(conventional.providers + LearnedCodecs.providers)

  static let ids = registry.providers.map(\.id)

  /// Spec strings: each codec's default, and each parameter at a value that changes the bytes.
  static let specs = faithfulSpecs + LearnedCodecs.specs

  /// Those whose pictures look like the originals, which random weights cannot bring about.
  static let faithfulSpecs: [String] =
    conventional.providers.map(\.id) + [
      "jpeg:subsampling=422", "jpeg:subsampling=444:progressive=true", "jpeg2000:mode=psnr",
      "webp:method=0", "webp:sharp_yuv=true",
    ] + (hasArithmeticCoding ? ["jpeg:arithmetic=true"] : []) + optional.flatMap(\.specs)

  /// Whether the libjpeg of this machine offers arithmetic coding.
  static var hasArithmeticCoding: Bool {
    JPEGCodec.provider.parameters.contains { $0.name == "arithmetic" }
  }
}

extension Codec {
  /// The recommended sweep, or the one `fixed` point of a codec without a knob.
  var sweep: [Quality] {
    descriptor.qualityScale?.recommendedSweep.map(Quality.value) ?? [.fixed]
  }

  /// A quality in the middle of the sweep.
  var middleQuality: Quality { sweep[sweep.count / 2] }

  /// The best quality of the sweep.
  var bestQuality: Quality { sweep[sweep.count - 1] }
}
