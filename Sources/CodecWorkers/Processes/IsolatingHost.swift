import Codecs
import Imaging

/// Makes the calls of isolated codecs in a worker process and the others here.
struct IsolatingHost: CodecHost {
  private let isolation: Isolation
  private let here: InProcessHost
  private let worker: WorkerHost

  init(isolation: Isolation, here: InProcessHost) {
    self.isolation = isolation
    self.here = here
    worker = WorkerHost(launch: isolation.launch, limits: isolation.limits)
  }

  func encode(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> Timed<EncodedImage> {
    try place(of: codec).encode(image, with: codec, at: quality)
  }

  func decode(_ bytes: [UInt8], with codec: any Codec) throws(CallFailure) -> Timed<Image> {
    try place(of: codec).decode(bytes, with: codec)
  }

  func roundTrip(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> RoundTrip {
    try place(of: codec).roundTrip(image, with: codec, at: quality)
  }

  private func place(of codec: any Codec) -> any CodecHost {
    isolation.includes(codec) ? worker : here
  }
}
