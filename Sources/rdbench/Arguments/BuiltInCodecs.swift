import Codecs
import JPEG2000Codec
import JPEGCodec
import WebPCodec

extension CodecRegistry {
  /// The codecs of this build, in the order in which they are listed and run.
  static let builtIn = CodecRegistry([
    JPEGCodec.provider, JPEG2000Codec.provider, WebPCodec.provider, RawCodec.provider,
  ])
}
