#ifndef CDNNL_SHIMS_H
#define CDNNL_SHIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Convolutions on oneDNN 2.x and 3.x behind one set of functions: memory descriptors are structures
// in 2.x and handles in 3.x, and primitives, post-operations and instruction sets are made and named
// differently, which Swift's importer cannot paper over. Activations are channels-last (N, H, W, C)
// everywhere. Built without the package trait Neural, every function reports
// CDNNLStatusUnavailable and oneDNN is not needed.
//
// Functions that may fail return a status: 0, or a code for CDNNLStatusText.

/// The status of every call in a build without oneDNN; oneDNN's own codes are positive.
#define CDNNLStatusUnavailable (-1)

typedef struct CDNNLEngine CDNNLEngine;
typedef struct CDNNLConvolution CDNNLConvolution;

/// How the elements of an activation are stored.
typedef enum { CDNNLElementFloat32 = 0, CDNNLElementBFloat16 = 1 } CDNNLElement;

/// What happens to each result of a convolution before it is stored.
typedef enum {
  /// Multiply by one factor per channel (operand: C floats).
  CDNNLPostOperationScale = 0,
  /// Add what the destination held before.
  CDNNLPostOperationAddDestination = 1,
  /// max(x, 0) + alpha * min(x, 0).
  CDNNLPostOperationLeakyReLU = 2,
  /// max(x, 0) + slope * min(x, 0) with one slope per channel (operand: C floats).
  CDNNLPostOperationPReLU = 3,
  /// 1 / (1 + exp(-x)).
  CDNNLPostOperationSigmoid = 4,
  /// The hyperbolic tangent.
  CDNNLPostOperationTanh = 5,
  /// The square root of x.
  CDNNLPostOperationSquareRoot = 6,
  /// x to the power of -1/2.
  CDNNLPostOperationInverseSquareRoot = 7,
  /// 1 / x.
  CDNNLPostOperationReciprocal = 8,
} CDNNLPostOperationKind;

typedef struct {
  CDNNLPostOperationKind kind;
  float alpha;
} CDNNLPostOperation;

#define CDNNLMaximumPostOperationCount 4

/// One convolution, or transposed convolution, at one size.
typedef struct {
  int64_t batch, inputChannels, outputChannels, groups;
  int64_t inputHeight, inputWidth, outputHeight, outputWidth;
  int64_t kernelHeight, kernelWidth, stride;
  /// Zeros around the input; with `isTransposed`, what is cut off the output.
  int64_t paddingTop, paddingLeft, paddingBottom, paddingRight;
  bool isTransposed;
  CDNNLElement source, destination;
  int32_t postOperationCount;
  CDNNLPostOperation postOperations[CDNNLMaximumPostOperationCount];
} CDNNLConvolutionDescription;

/// Where the operands of one execution lie.
typedef struct {
  const void *_Nullable source;
  const void *_Nullable packedWeights;
  const float *_Nullable bias;
  void *_Nullable destination;
  void *_Nullable scratchpad;
  /// One for each post-operation; null where it has no operand.
  const void *_Nullable operands[CDNNLMaximumPostOperationCount];
} CDNNLConvolutionArguments;

/// A name for a status, never null.
const char *_Nonnull CDNNLStatusText(int status);
/// The version of the library in use, as in "2.6.3", written into `text` of `capacity` bytes.
void CDNNLVersion(char *_Nonnull text, size_t capacity);
/// The best instruction set that oneDNN uses here, after any limit from the environment.
const char *_Nonnull CDNNLInstructionSet(void);
/// Whether that instruction set multiplies 16-bit brain floats natively.
bool CDNNLHasNativeBFloat16(void);
/// Whether CDNNLSetThreadCount has an effect: whether oneDNN was built to run on OpenMP's threads.
bool CDNNLCanSetThreadCount(void);
/// How many threads the calling thread's next calls use. oneDNN has no call for this: it takes the
/// number from the OpenMP runtime that it was linked with, which is looked up here by name. Without
/// OpenMP it does nothing; ask CDNNLCanSetThreadCount first.
void CDNNLSetThreadCount(int count);

int CDNNLEngineCreate(CDNNLEngine *_Nullable *_Nonnull engine);
void CDNNLEngineDestroy(CDNNLEngine *_Nonnull engine);

int CDNNLConvolutionCreate(
  CDNNLEngine *_Nonnull engine, const CDNNLConvolutionDescription *_Nonnull description,
  CDNNLConvolution *_Nullable *_Nonnull convolution);
void CDNNLConvolutionDestroy(CDNNLConvolution *_Nonnull convolution);
size_t CDNNLConvolutionScratchpadSize(const CDNNLConvolution *_Nonnull convolution);
size_t CDNNLConvolutionPackedWeightsSize(const CDNNLConvolution *_Nonnull convolution);
/// Whether both take their weights in the same layout.
bool CDNNLConvolutionHasSamePacking(
  const CDNNLConvolution *_Nonnull first, const CDNNLConvolution *_Nonnull second);
/// Brings weights into the layout that `convolution` runs fastest with. They come as in PyTorch:
/// (outputs, inputs / groups, kernel height, kernel width), or with `isTransposed` (inputs,
/// outputs / groups, kernel height, kernel width).
int CDNNLConvolutionPackWeights(
  const CDNNLConvolution *_Nonnull convolution, const float *_Nonnull weights,
  void *_Nonnull packedWeights);
/// Runs the convolution on a stream of its own and waits for it.
int CDNNLConvolutionExecute(
  const CDNNLConvolution *_Nonnull convolution,
  const CDNNLConvolutionArguments *_Nonnull arguments);

#endif
