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
#if Neural
  import ContentWeightedCodec
  import LearnedCodecs
#endif

extension CodecRegistry {
  /// The codecs of this build, in the order in which they are listed and run.
  static let builtIn: CodecRegistry = {
    var providers = [JPEGCodec.provider, JPEG2000Codec.provider, WebPCodec.provider]
    #if AVIF
      providers.append(AVIFCodec.provider)
    #endif
    #if JPEGXL
      providers.append(JPEGXLCodec.provider)
    #endif
    #if HEIC
      providers.append(HEICCodec.provider)
    #endif
    return CodecRegistry(providers + [RawCodec.provider])
  }()
}

#if Neural
  extension LearnedCodecFamilies {
    /// The families of learned codecs of this build, in the order in which they are listed and run.
    static let builtIn = LearnedCodecFamilies([ContentWeightedCodec.self])
  }
#endif
