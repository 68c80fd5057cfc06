// The former name of the random numbers, for the tests of the learned codec.
@_exported import TestSupport
