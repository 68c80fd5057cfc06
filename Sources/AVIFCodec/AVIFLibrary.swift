#if AVIF
  import CLibAVIF
  import Codecs

  /// What the loaded libavif says of itself and of the AV1 codecs behind it.
  enum AVIFLibrary {
    /// The version with those of the encoder and the decoder, as `0.11.1 (aom 3.6.0, dav1d 1.0.0)`.
    ///
    /// - Throws: `CodecError` of kind `unavailable` where libavif was built without libaom.
    static func version() throws(CodecError) -> String {
      guard unsafe avifCodecName(AVIF_CODEC_CHOICE_AOM, encodes) != nil,
        let decoder = unsafe avifCodecName(AVIF_CODEC_CHOICE_AUTO, decodes)
      else {
        throw CodecError(.unavailable, "this libavif has no libaom to encode with, or no decoder")
      }
      let codecs = codecVersions()
      let names = unsafe ["aom", String(cString: decoder)].reduce(into: [String]()) { names, name in
        let text = codecs[name].map { "\(name) \($0)" } ?? name
        if !names.contains(text) { names.append(text) }
      }
      return unsafe "\(String(cString: avifVersion())) (\(names.joined(separator: " ")))"
    }

    /// The versions by codec name, from `dav1d [dec]:1.0.0, aom [enc/dec]:v3.6.0`.
    private static func codecVersions() -> [String: String] {
      let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        unsafe buffer.initialize(repeating: 0)
        guard let start = buffer.baseAddress else { return "" }
        unsafe avifCodecVersions(start)
        return unsafe String(cString: start)
      }
      var versions: [String: String] = [:]
      for entry in text.split(separator: ", ") {
        guard let colon = entry.firstIndex(of: ":"), let name = entry.split(separator: " ").first
        else { continue }
        let version = entry[entry.index(after: colon)...]
        versions[String(name)] = String(version.first == "v" ? version.dropFirst() : version)
      }
      return versions
    }

    private static let encodes = avifCodecFlags(AVIF_CODEC_FLAG_CAN_ENCODE.rawValue)
    private static let decodes = avifCodecFlags(AVIF_CODEC_FLAG_CAN_DECODE.rawValue)
  }
#endif
