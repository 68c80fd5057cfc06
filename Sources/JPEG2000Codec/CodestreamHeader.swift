import Codecs
import Imaging

/// The size that a JPEG 2000 codestream declares, read after a walk from marker to marker.
///
/// OpenJPEG decodes what it finds and forgives a missing end, so the structure (ISO/IEC 15444-1,
/// annex A) is checked here before the library sees the bytes: main header, every tile-part within
/// the bytes, every tile present, the end marker last. The codestream must be of the kind that this
/// codec writes: 8-bit grey or RGB without subsampling.
struct CodestreamHeader {
  let width: Int
  let height: Int
  let colorModel: Image.ColorModel
  private let tileCount: Int

  /// Walks the whole codestream.
  ///
  /// - Throws: `CodecError` of kind `corruptData` for a broken structure and `limitExceeded` for a
  ///   size beyond `ImageLimits`.
  init(checking bytes: [UInt8]) throws(CodecError) {
    var reader = MarkerReader(bytes)
    guard try reader.next(2) == Marker.startOfCodestream, try reader.next(2) == Marker.size else {
      throw corrupt("they do not begin as a codestream does")
    }
    try self.init(sizeSegment: &reader)
    try skipMainHeader(&reader)
    try checkTileParts(&reader)
  }

  private init(sizeSegment reader: inout MarkerReader) throws(CodecError) {
    let end = reader.position + (try reader.peek(2))
    try reader.skip(4)  // Lsiz, Rsiz
    let (right, bottom) = (try reader.next(4), try reader.next(4))
    let (left, top) = (try reader.next(4), try reader.next(4))
    let (tileWidth, tileHeight) = (try reader.next(4), try reader.next(4))
    let (tileLeft, tileTop) = (try reader.next(4), try reader.next(4))
    width = right - left
    height = bottom - top
    do {
      try ImageLimits.check(width: width, height: height)
    } catch {
      throw CodecError(codec: JPEG2000Codec.id, decoding: error)
    }
    guard let colorModel = Image.ColorModel(rawValue: try reader.next(2)) else {
      throw corrupt("they have neither one nor three components")
    }
    self.colorModel = colorModel
    for _ in 0..<colorModel.channelCount {
      guard try reader.next(3) == 0x07_01_01 else {
        throw corrupt("a component is not of 8 bits without subsampling")
      }
    }
    guard reader.position == end, tileWidth > 0, tileHeight > 0, tileLeft <= left, tileTop <= top,
      tileLeft + tileWidth > left, tileTop + tileHeight > top
    else { throw corrupt("the SIZ segment contradicts itself") }
    let columns = (right - tileLeft + tileWidth - 1) / tileWidth
    let rows = (bottom - tileTop + tileHeight - 1) / tileHeight
    tileCount = columns * rows
    guard tileCount <= 65_535 else { throw corrupt("they declare \(tileCount) tiles") }
  }

  private func skipMainHeader(_ reader: inout MarkerReader) throws(CodecError) {
    while try reader.peek(2) != Marker.startOfTilePart {
      guard try reader.next(1) == 0xFF else { throw corrupt("a marker is missing") }
      try reader.skip(1)
      let length = try reader.peek(2)
      guard length >= 2 else { throw corrupt("a marker segment has no length") }
      try reader.skip(length)
    }
  }

  private func checkTileParts(_ reader: inout MarkerReader) throws(CodecError) {
    var missing = Set(0..<tileCount)
    while try reader.peek(2) == Marker.startOfTilePart {
      let start = reader.position
      try reader.skip(4)  // SOT, Lsot
      let tile = try reader.next(2)
      let declared = try reader.next(4)
      guard tile < tileCount else { throw corrupt("a tile is outside the picture") }
      // A length of 0 means that the tile-part reaches to the end marker.
      let length = declared == 0 ? reader.count - 2 - start : declared
      guard length >= 14 else { throw corrupt("a tile-part is too short") }
      reader.position = start
      try reader.skip(length)
      missing.remove(tile)
    }
    guard try reader.next(2) == Marker.endOfCodestream, reader.position == reader.count else {
      throw corrupt("the end marker is not where it must be")
    }
    guard missing.isEmpty else { throw corrupt("\(missing.count) tiles are missing") }
  }

  private enum Marker {
    static let startOfCodestream = 0xFF4F
    static let size = 0xFF51
    static let startOfTilePart = 0xFF90
    static let endOfCodestream = 0xFFD9
  }
}

/// Reads big-endian numbers and never beyond the end.
private struct MarkerReader {
  private let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var count: Int { bytes.count }

  func peek(_ size: Int) throws(CodecError) -> Int {
    guard size <= bytes.count - position else { throw corrupt("they end too early") }
    return bytes[position..<position + size].reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func next(_ size: Int) throws(CodecError) -> Int {
    let value = try peek(size)
    position += size
    return value
  }

  mutating func skip(_ size: Int) throws(CodecError) {
    guard size <= bytes.count - position else { throw corrupt("they end too early") }
    position += size
  }
}

private func corrupt(_ reason: String) -> CodecError {
  CodecError(.corruptData, "the JPEG 2000 data are damaged: \(reason)")
}
