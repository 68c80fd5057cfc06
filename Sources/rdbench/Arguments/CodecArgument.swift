import Codecs

/// Makes a codec's error one that ends the command.
///
/// - Parameter file: the file that the codec was at work on, to be named before the sentence.
func codecCall<Result>(
  file: String? = nil, _ work: () throws(CodecError) -> Result
) throws(CommandFailure) -> Result {
  do throws(CodecError) {
    return try work()
  } catch {
    throw CommandFailure((file.map { "\($0): " } ?? "") + error.message)
  }
}
