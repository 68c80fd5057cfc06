import Codecs
import Datasets
import Foundation
import Imaging
import Results
import Synchronization

/// Keeps the pictures of a run in `images/` beside its results, as `KeptPictures` lays them out.
///
/// A picture that cannot be written does not stop the run: the rows matter more. The archive then
/// keeps no further ones and says why in ``failure``. Every file is there complete or not at all.
public final class ImageArchive: Sendable {
  private let folder: URL
  private let firstFailure = Mutex<String?>(nil)

  /// Prepares an archive.
  ///
  /// - Parameter folder: where `results.csv` goes.
  public init(folder: String) {
    self.folder = URL(fileURLWithPath: folder, isDirectory: true)
  }

  /// Why pictures are missing, or `nil` when all were kept: one sentence without a full stop.
  public var failure: String? { firstFailure.withLock { $0 } }

  /// Keeps the original of an image.
  func keep(original: Image, of image: DatasetImage, in dataset: String) {
    write(original, to: KeptPictures.originalPath(dataset: dataset, image: image.path))
  }

  /// Keeps what a measurement decoded, and what its codec can draw of the side information.
  func keep(_ outcome: Measurement.Outcome, of codec: any Codec) {
    let subject = outcome.row.subject
    guard let decoded = outcome.decoded, let bytes = outcome.bytes else { return }
    write(decoded, to: KeptPictures.reconstructionPath(of: subject))
    guard failure == nil else { return }
    do throws(CodecError) {
      for picture in try codec.sideInformation(in: bytes) {
        let path = KeptPictures.sideInformationPath(of: subject, name: picture.name)
        write(picture.image, to: path)
      }
    } catch {
      fail("the side information of \(subject.codec) cannot be drawn: \(error.message)")
    }
  }

  private func write(_ image: Image, to path: String) {
    guard failure == nil else { return }
    let url = folder.appendingPathComponent(path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try ImageFile.write(image, path: url.path)
    } catch let error as ImageError {
      fail("\(url.path): \(error.message)")
    } catch {
      fail("the folder of \(url.path) cannot be made")
    }
  }

  private func fail(_ sentence: String) {
    firstFailure.withLock { if $0 == nil { $0 = "pictures are missing, as \(sentence)" } }
  }
}
