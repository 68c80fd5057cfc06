#define _GNU_SOURCE  // RTLD_DEFAULT

#include "CDNNLShims.h"

#ifdef CDNNL_SHIMS_ENABLED

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <stdio.h>
#include <stdlib.h>

// Returns from the enclosing function with the status of a failed call.
#define RETURN_IF_FAILED(call)                        \
  do {                                                \
    const dnnl_status_t failure = (call);             \
    if (failure != dnnl_success) return failure;      \
  } while (0)

// A memory descriptor that we own, and a reference to one as the library's functions take it.
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t Descriptor;
typedef const_dnnl_memory_desc_t DescriptorReference;
#define REFERENCE(descriptor) (descriptor)
#else
typedef dnnl_memory_desc_t Descriptor;
typedef const dnnl_memory_desc_t *DescriptorReference;
#define REFERENCE(descriptor) (&(descriptor))
#endif

struct CDNNLEngine {
  dnnl_engine_t engine;
};

struct CDNNLConvolution {
  dnnl_engine_t engine;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  Descriptor plainWeights;
  Descriptor operands[CDNNLMaximumPostOperationCount];
  bool hasOperand[CDNNLMaximumPostOperationCount];
  bool isPReLU[CDNNLMaximumPostOperationCount];
  bool hasPlainWeights;
  int postOperationCount;
};

static dnnl_status_t makeDescriptor(
    Descriptor *descriptor, int dimensionCount, const dnnl_dims_t dimensions, CDNNLElement element,
    dnnl_format_tag_t tag) {
  const dnnl_data_type_t type = element == CDNNLElementBFloat16 ? dnnl_bf16 : dnnl_f32;
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_tag(descriptor, dimensionCount, dimensions, type, tag);
#else
  return dnnl_memory_desc_init_by_tag(descriptor, dimensionCount, dimensions, type, tag);
#endif
}

static void destroyDescriptor(Descriptor descriptor) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_destroy(descriptor);
#else
  (void)descriptor;
#endif
}

const char *CDNNLStatusText(int status) {
  return status == CDNNLStatusUnavailable ? "built without oneDNN"
                                          : dnnl_status2str((dnnl_status_t)status);
}

void CDNNLVersion(char *text, size_t capacity) {
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, capacity, "%d.%d.%d", version->major, version->minor, version->patch);
}

const char *CDNNLInstructionSet(void) {
  return dnnl_cpu_isa2str(dnnl_get_effective_cpu_isa());
}

bool CDNNLHasNativeBFloat16(void) {
  switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_avx512_core_bf16:
    case dnnl_cpu_isa_avx512_core_amx:
#if DNNL_VERSION_MAJOR >= 3
    case dnnl_cpu_isa_avx512_core_fp16:
    case dnnl_cpu_isa_avx512_core_amx_fp16:
#endif
      return true;
    default:
      return false;
  }
}

bool CDNNLCanSetThreadCount(void) {
  return dnnl_version()->cpu_runtime == DNNL_RUNTIME_OMP;
}

void CDNNLSetThreadCount(int count) {
  void (*setThreadCount)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (setThreadCount) setThreadCount(count);
}

int CDNNLEngineCreate(CDNNLEngine **result) {
  CDNNLEngine *engine = calloc(1, sizeof *engine);
  if (!engine) return dnnl_out_of_memory;
  const dnnl_status_t status = dnnl_engine_create(&engine->engine, dnnl_cpu, 0);
  if (status != dnnl_success) {
    free(engine);
    return status;
  }
  *result = engine;
  return dnnl_success;
}

void CDNNLEngineDestroy(CDNNLEngine *engine) {
  dnnl_engine_destroy(engine->engine);
  free(engine);
}

static dnnl_status_t appendElementwise(
    dnnl_post_ops_t operations, dnnl_alg_kind_t algorithm, float alpha, float beta) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_eltwise(operations, algorithm, alpha, beta);
#else
  return dnnl_post_ops_append_eltwise(operations, 1, algorithm, alpha, beta);
#endif
}

static dnnl_status_t appendPostOperation(
    CDNNLConvolution *convolution, const CDNNLConvolutionDescription *description, int index,
    dnnl_post_ops_t operations) {
  const CDNNLPostOperation operation = description->postOperations[index];
  const dnnl_dims_t perChannel = {1, description->outputChannels, 1, 1};
  switch (operation.kind) {
    case CDNNLPostOperationScale:
      RETURN_IF_FAILED(makeDescriptor(
          &convolution->operands[index], 4, perChannel, CDNNLElementFloat32, dnnl_nhwc));
      convolution->hasOperand[index] = true;
      return dnnl_post_ops_append_binary(
          operations, dnnl_binary_mul, REFERENCE(convolution->operands[index]));
    case CDNNLPostOperationAddDestination:
#if DNNL_VERSION_MAJOR >= 3
      return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
#else
      return dnnl_post_ops_append_sum(operations, 1);
#endif
    case CDNNLPostOperationPReLU:
      RETURN_IF_FAILED(makeDescriptor(
          &convolution->operands[index], 4, perChannel, CDNNLElementFloat32, dnnl_nhwc));
      convolution->hasOperand[index] = true;
      convolution->isPReLU[index] = true;
      return dnnl_post_ops_append_prelu(operations, 1 << 1);
    case CDNNLPostOperationLeakyReLU:
      return appendElementwise(operations, dnnl_eltwise_relu, operation.alpha, 0);
    case CDNNLPostOperationSigmoid:
      return appendElementwise(operations, dnnl_eltwise_logistic, 0, 0);
    case CDNNLPostOperationTanh:
      return appendElementwise(operations, dnnl_eltwise_tanh, 0, 0);
    case CDNNLPostOperationSquareRoot:
      return appendElementwise(operations, dnnl_eltwise_sqrt, 0, 0);
    case CDNNLPostOperationInverseSquareRoot:
      return appendElementwise(operations, dnnl_eltwise_pow, 1, -0.5f);
    case CDNNLPostOperationReciprocal:
      return appendElementwise(operations, dnnl_eltwise_pow, 1, -1);
  }
  return dnnl_invalid_arguments;
}

static dnnl_status_t makeAttributes(
    CDNNLConvolution *convolution, const CDNNLConvolutionDescription *description,
    dnnl_primitive_attr_t attributes) {
  RETURN_IF_FAILED(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
  dnnl_post_ops_t operations;
  RETURN_IF_FAILED(dnnl_post_ops_create(&operations));
  dnnl_status_t status = dnnl_success;
  for (int i = 0; i < description->postOperationCount && status == dnnl_success; i++) {
    status = appendPostOperation(convolution, description, i, operations);
  }
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
  dnnl_post_ops_destroy(operations);
  return status;
}

// The shape of some weights, and the layout in which PyTorch keeps them.
typedef struct {
  dnnl_dims_t dimensions;
  int count;
  dnnl_format_tag_t layout;
} Weights;

// A single group has no dimension of its own: oneDNN has faster code for that.
static Weights weightShape(const CDNNLConvolutionDescription *d) {
  const int64_t outputs = d->outputChannels / d->groups, inputs = d->inputChannels / d->groups;
  if (d->groups == 1) {
    return (Weights){
        .dimensions = {outputs, inputs, d->kernelHeight, d->kernelWidth},
        .count = 4,
        .layout = d->isTransposed ? dnnl_iohw : dnnl_oihw};
  }
  return (Weights){
      .dimensions = {d->groups, outputs, inputs, d->kernelHeight, d->kernelWidth},
      .count = 5,
      .layout = d->isTransposed ? dnnl_giohw : dnnl_goihw};
}

static dnnl_status_t describe(
    CDNNLConvolution *convolution, const CDNNLConvolutionDescription *d,
    const dnnl_dims_t destinationDimensions, const_dnnl_primitive_attr_t attributes) {
  const dnnl_dims_t sourceDimensions = {d->batch, d->inputChannels, d->inputHeight, d->inputWidth};
  const Weights shape = weightShape(d);
  const dnnl_dims_t biasDimensions = {d->outputChannels};
  const dnnl_dims_t strides = {d->stride, d->stride};
  const dnnl_dims_t before = {d->paddingTop, d->paddingLeft};
  const dnnl_dims_t after = {d->paddingBottom, d->paddingRight};

  // Declared zero so that those not made yet can be told apart in 3.x.
  Descriptor source = {0}, weights = {0}, bias = {0}, destination = {0};
  dnnl_status_t status = makeDescriptor(&source, 4, sourceDimensions, d->source, dnnl_nhwc);
  if (status == dnnl_success) {
    status = makeDescriptor(
        &weights, shape.count, shape.dimensions, d->source, dnnl_format_tag_any);
  }
  if (status == dnnl_success) {
    status = makeDescriptor(&bias, 1, biasDimensions, CDNNLElementFloat32, dnnl_a);
  }
  if (status == dnnl_success) {
    status = makeDescriptor(
        &destination, 4, destinationDimensions, d->destination, dnnl_nhwc);
  }
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_dims_t dilation = {0, 0};
  if (status == dnnl_success && d->isTransposed) {
    status = dnnl_deconvolution_forward_primitive_desc_create(
        &convolution->description, convolution->engine, dnnl_forward_inference,
        dnnl_deconvolution_direct, source, weights, bias, destination, strides, dilation, before,
        after, attributes);
  } else if (status == dnnl_success) {
    status = dnnl_convolution_forward_primitive_desc_create(
        &convolution->description, convolution->engine, dnnl_forward_inference,
        dnnl_convolution_direct, source, weights, bias, destination, strides, dilation, before,
        after, attributes);
  }
#else
  // Both kinds have a descriptor of the same type.
  dnnl_convolution_desc_t operation;
  if (status == dnnl_success && d->isTransposed) {
    status = dnnl_deconvolution_forward_desc_init(
        &operation, dnnl_forward_inference, dnnl_deconvolution_direct, &source, &weights, &bias,
        &destination, strides, before, after);
  } else if (status == dnnl_success) {
    status = dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_inference, dnnl_convolution_direct, &source, &weights, &bias,
        &destination, strides, before, after);
  }
  if (status == dnnl_success) {
    status = dnnl_primitive_desc_create(
        &convolution->description, &operation, attributes, convolution->engine, NULL);
  }
#endif
  destroyDescriptor(source);
  destroyDescriptor(weights);
  destroyDescriptor(bias);
  destroyDescriptor(destination);
  return status;
}

static dnnl_status_t fillConvolution(
    CDNNLConvolution *convolution, const CDNNLConvolutionDescription *d) {
  const dnnl_dims_t destination = {
      d->batch, d->outputChannels, d->outputHeight, d->outputWidth};
  const Weights shape = weightShape(d);
  RETURN_IF_FAILED(makeDescriptor(
      &convolution->plainWeights, shape.count, shape.dimensions, CDNNLElementFloat32,
      shape.layout));
  convolution->hasPlainWeights = true;

  dnnl_primitive_attr_t attributes;
  RETURN_IF_FAILED(dnnl_primitive_attr_create(&attributes));
  dnnl_status_t status = makeAttributes(convolution, d, attributes);
  if (status == dnnl_success) status = describe(convolution, d, destination, attributes);
  dnnl_primitive_attr_destroy(attributes);
  RETURN_IF_FAILED(status);
  return dnnl_primitive_create(&convolution->primitive, convolution->description);
}

int CDNNLConvolutionCreate(
    CDNNLEngine *engine, const CDNNLConvolutionDescription *description,
    CDNNLConvolution **result) {
  if (description->postOperationCount > CDNNLMaximumPostOperationCount) {
    return dnnl_invalid_arguments;
  }
  CDNNLConvolution *convolution = calloc(1, sizeof *convolution);
  if (!convolution) return dnnl_out_of_memory;
  convolution->engine = engine->engine;
  convolution->postOperationCount = description->postOperationCount;
  const dnnl_status_t status = fillConvolution(convolution, description);
  if (status != dnnl_success) {
    CDNNLConvolutionDestroy(convolution);
    return status;
  }
  *result = convolution;
  return dnnl_success;
}

void CDNNLConvolutionDestroy(CDNNLConvolution *convolution) {
  if (convolution->primitive) dnnl_primitive_destroy(convolution->primitive);
  if (convolution->description) dnnl_primitive_desc_destroy(convolution->description);
  if (convolution->hasPlainWeights) destroyDescriptor(convolution->plainWeights);
  for (int i = 0; i < convolution->postOperationCount; i++) {
    if (convolution->hasOperand[i]) destroyDescriptor(convolution->operands[i]);
  }
  free(convolution);
}

static DescriptorReference queried(const CDNNLConvolution *convolution, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(convolution->description, what, 0);
}

size_t CDNNLConvolutionScratchpadSize(const CDNNLConvolution *convolution) {
  return dnnl_memory_desc_get_size(queried(convolution, dnnl_query_scratchpad_md));
}

size_t CDNNLConvolutionPackedWeightsSize(const CDNNLConvolution *convolution) {
  return dnnl_memory_desc_get_size(queried(convolution, dnnl_query_weights_md));
}

bool CDNNLConvolutionHasSamePacking(
    const CDNNLConvolution *first, const CDNNLConvolution *second) {
  return dnnl_memory_desc_equal(
      queried(first, dnnl_query_weights_md), queried(second, dnnl_query_weights_md));
}

// The arguments of one execution with their memory objects.
typedef struct {
  dnnl_exec_arg_t list[5 + CDNNLMaximumPostOperationCount];
  int count;
} Arguments;

static dnnl_status_t addArgument(
    Arguments *arguments, dnnl_engine_t engine, int index, DescriptorReference descriptor,
    const void *data) {
  dnnl_exec_arg_t *argument = &arguments->list[arguments->count];
  RETURN_IF_FAILED(dnnl_memory_create(&argument->memory, descriptor, engine, (void *)data));
  argument->arg = index;
  arguments->count++;
  return dnnl_success;
}

static dnnl_status_t executeOnNewStream(
    dnnl_engine_t engine, dnnl_primitive_t primitive, const Arguments *arguments) {
  dnnl_stream_t stream;
  RETURN_IF_FAILED(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
  dnnl_status_t status =
      dnnl_primitive_execute(primitive, stream, arguments->count, arguments->list);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  dnnl_stream_destroy(stream);
  return status;
}

static void destroyArguments(Arguments *arguments) {
  for (int i = 0; i < arguments->count; i++) dnnl_memory_destroy(arguments->list[i].memory);
}

int CDNNLConvolutionPackWeights(
    const CDNNLConvolution *convolution, const float *weights, void *packedWeights) {
  dnnl_primitive_desc_t description;
  RETURN_IF_FAILED(dnnl_reorder_primitive_desc_create(
      &description, REFERENCE(convolution->plainWeights), convolution->engine,
      queried(convolution, dnnl_query_weights_md), convolution->engine, NULL));
  dnnl_primitive_t reorder;
  dnnl_status_t status = dnnl_primitive_create(&reorder, description);
  dnnl_primitive_desc_destroy(description);
  RETURN_IF_FAILED(status);
  Arguments list = {.count = 0};
  status = addArgument(
      &list, convolution->engine, DNNL_ARG_FROM, REFERENCE(convolution->plainWeights), weights);
  if (status == dnnl_success) {
    status = addArgument(
        &list, convolution->engine, DNNL_ARG_TO, queried(convolution, dnnl_query_weights_md),
        packedWeights);
  }
  if (status == dnnl_success) status = executeOnNewStream(convolution->engine, reorder, &list);
  destroyArguments(&list);
  dnnl_primitive_destroy(reorder);
  return status;
}

static dnnl_status_t addConvolutionArguments(
    const CDNNLConvolution *convolution, const CDNNLConvolutionArguments *arguments,
    Arguments *list) {
  const struct {
    int index;
    dnnl_query_t what;
    const void *data;
  } fixed[] = {
      {DNNL_ARG_SRC, dnnl_query_src_md, arguments->source},
      {DNNL_ARG_WEIGHTS, dnnl_query_weights_md, arguments->packedWeights},
      {DNNL_ARG_DST, dnnl_query_dst_md, arguments->destination},
      {DNNL_ARG_SCRATCHPAD, dnnl_query_scratchpad_md, arguments->scratchpad},
  };
  for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
    RETURN_IF_FAILED(addArgument(
        list, convolution->engine, fixed[i].index, queried(convolution, fixed[i].what),
        fixed[i].data));
  }
  RETURN_IF_FAILED(addArgument(
      list, convolution->engine, DNNL_ARG_BIAS,
      dnnl_primitive_desc_query_md(convolution->description, dnnl_query_weights_md, 1),
      arguments->bias));
  for (int i = 0; i < convolution->postOperationCount; i++) {
    if (!convolution->hasOperand[i]) continue;
    const int role = convolution->isPReLU[i] ? DNNL_ARG_WEIGHTS : DNNL_ARG_SRC_1;
    RETURN_IF_FAILED(addArgument(
        list, convolution->engine, DNNL_ARG_ATTR_MULTIPLE_POST_OP(i) | role,
        REFERENCE(convolution->operands[i]), arguments->operands[i]));
  }
  return dnnl_success;
}

int CDNNLConvolutionExecute(
    const CDNNLConvolution *convolution, const CDNNLConvolutionArguments *arguments) {
  Arguments list = {.count = 0};
  dnnl_status_t status = addConvolutionArguments(convolution, arguments, &list);
  if (status == dnnl_success) {
    status = executeOnNewStream(convolution->engine, convolution->primitive, &list);
  }
  destroyArguments(&list);
  return status;
}

#else

// The same functions in a build without oneDNN: nothing can be created, so nothing can be used.

const char *CDNNLStatusText(int status) {
  (void)status;
  return "built without oneDNN";
}

void CDNNLVersion(char *text, size_t capacity) {
  if (capacity > 0) text[0] = 0;
}

const char *CDNNLInstructionSet(void) { return "none"; }

bool CDNNLHasNativeBFloat16(void) { return false; }

bool CDNNLCanSetThreadCount(void) { return false; }

void CDNNLSetThreadCount(int count) { (void)count; }

int CDNNLEngineCreate(CDNNLEngine **engine) {
  *engine = 0;
  return CDNNLStatusUnavailable;
}

void CDNNLEngineDestroy(CDNNLEngine *engine) { (void)engine; }

int CDNNLConvolutionCreate(
    CDNNLEngine *engine, const CDNNLConvolutionDescription *description,
    CDNNLConvolution **convolution) {
  (void)engine, (void)description;
  *convolution = 0;
  return CDNNLStatusUnavailable;
}

void CDNNLConvolutionDestroy(CDNNLConvolution *convolution) { (void)convolution; }

size_t CDNNLConvolutionScratchpadSize(const CDNNLConvolution *convolution) {
  (void)convolution;
  return 0;
}

size_t CDNNLConvolutionPackedWeightsSize(const CDNNLConvolution *convolution) {
  (void)convolution;
  return 0;
}

bool CDNNLConvolutionHasSamePacking(
    const CDNNLConvolution *first, const CDNNLConvolution *second) {
  return first == second;
}

int CDNNLConvolutionPackWeights(
    const CDNNLConvolution *convolution, const float *weights, void *packedWeights) {
  (void)convolution, (void)weights, (void)packedWeights;
  return CDNNLStatusUnavailable;
}

int CDNNLConvolutionExecute(
    const CDNNLConvolution *convolution, const CDNNLConvolutionArguments *arguments) {
  (void)convolution, (void)arguments;
  return CDNNLStatusUnavailable;
}

#endif
