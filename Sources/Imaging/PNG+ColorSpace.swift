import CLibPNGShims

extension PNG {
  /// One sentence if the file declares a colour space other than sRGB, else nothing.
  ///
  /// The order of precedence is that of the PNG specification (third edition, 4.3): an ICC profile,
  /// then sRGB, then cHRM.
  static func colorSpaceWarnings(_ header: CLibPNGShims_Header, profile: [UInt8]) -> [String] {
    if header.declares_srgb { return [] }
    if !profile.isEmpty {
      return ICCProfile(profile).isSRGB
        ? []
        : ["its ICC profile is not sRGB; the samples are taken as they are, without conversion"]
    }
    guard header.has_chromaticities, !hasSRGBPrimaries(header) else { return [] }
    return [
      "its cHRM chunk declares primaries other than those of sRGB; "
        + "the samples are taken as they are, without conversion"
    ]
  }

  /// Whether white point and primaries are those of ITU-R BT.709 and sRGB within 0.001.
  private static func hasSRGBPrimaries(_ header: CLibPNGShims_Header) -> Bool {
    let c = header.chromaticities
    let declared = [c.0, c.1, c.2, c.3, c.4, c.5, c.6, c.7]
    let expected = [0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06]
    return zip(declared, expected).allSatisfy { abs($0 - $1) <= 0.001 }
  }
}
