import Codecs
import Foundation
import Imaging
import Testing

@testable import CodecWorkers

/// Processor time is the time of all threads that worked for a call, or it is not told.
@Suite struct ProcessorTimeTests {
  private let image = Image(width: 1, height: 1, colorModel: .gray, samples: [0])

  private func seconds(_ threads: Int, isAlone: Bool) throws -> Double? {
    try InProcessHost(isAlone: isAlone)
      .encode(image, with: BusyCodec(threads: threads), at: .fixed).time.cpu
  }

  @Test func `all threads of a call count where nothing else runs`() throws {
    // Other tests run in this process meanwhile, so there is no upper bound.
    #expect(try #require(try seconds(3, isAlone: true)) >= 3 * BusyCodec.seconds)
    #expect(try #require(try seconds(1, isAlone: true)) >= BusyCodec.seconds)
  }

  @Test func `beside other work only the calling thread can be told`() throws {
    #expect(try seconds(3, isAlone: false) == nil)
    let alone = try #require(try seconds(1, isAlone: false))
    #expect(alone >= BusyCodec.seconds && alone < 2 * BusyCodec.seconds)
  }

  @Test func `codecs with threads of their own go where they can be counted`() {
    let isolation = Isolation(scope: .byDefault, launch: WorkerLaunch(executable: ""))
    #expect(isolation.includes(BusyCodec(threads: 2)))
    #expect(!isolation.includes(BusyCodec(threads: 1)))
  }
}

/// A codec that works on several threads for a given processor time each.
private struct BusyCodec: Codec {
  static let seconds = 0.05

  let threads: Int

  var descriptor: CodecDescriptor {
    CodecDescriptor(
      id: "busy", displayName: "Busy", library: "tests", libraryVersion: "1", parameters: .none,
      qualityScale: nil, fileExtension: "busy", threadCount: threads, origin: .ownCode)
  }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let seconds = Self.seconds
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      let stopwatch = Stopwatch(.thread)
      while stopwatch.reading.cpu ?? seconds < seconds {}
    }
    return EncodedImage(bytes: [0])
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    Image(width: 1, height: 1, colorModel: .gray, samples: [0])
  }
}
