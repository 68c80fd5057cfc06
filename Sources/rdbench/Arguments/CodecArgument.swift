import Codecs

/// Makes a codec's error one that ends the command.
func codecCall<Result>(
  _ work: () throws(CodecError) -> Result
) throws(CommandFailure) -> Result {
  do throws(CodecError) {
    return try work()
  } catch {
    throw CommandFailure("\(error.codec): \(error.message)")
  }
}
