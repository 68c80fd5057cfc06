// The loops of ContextNetwork.c, included once for each level with
//
//   LEVEL(name)            the name of a function at this level
//   ATTRIBUTES             the instruction set that it is compiled for
//   Vector                 sixteen-bit numbers, as many as a register has
//   Sums                   32-bit numbers of the same size
//   PAIR_PRODUCTS(a, b)    the sums of neighbouring products of two Vectors

ATTRIBUTES static void LEVEL(sumRow)(
    size_t units, const int16_t *const *tables, const uint8_t *const *patterns, size_t tableCount,
    const uint32_t *columns, size_t count, const int16_t *biases, const uint32_t *offsets,
    int16_t *sums) {
  // At once as many tables as a network of 128 maps has.
  enum { Lanes = sizeof(Vector) / sizeof(int16_t), Most = 32 };
  for (size_t i = 0; i < count; i++) {
    const size_t column = columns[i];
    int16_t *sum = sums + i * units;
    const int16_t *before = biases + offsets[column];
    for (size_t first = 0; first < tableCount; first += Most) {
      const size_t end = tableCount - first < Most ? tableCount : first + Most;
      // Pattern 0 adds nothing and is frequent: most linked bits are 0.
      const int16_t *rows[Most];
      size_t rowCount = 0;
      for (size_t t = first; t < end; t++) {
        const size_t pattern = patterns[t][column];
        rows[rowCount] = tables[t] + pattern * units;
        rowCount += pattern != 0;
      }
      for (size_t u = 0; u < units; u += Lanes) {
        Vector total = *(const Vector *)(before + u);
        for (size_t r = 0; r < rowCount; r++) total += *(const Vector *)(rows[r] + u);
        *(Vector *)(sum + u) = total;
      }
      before = sum;
    }
  }
}

ATTRIBUTES static int32_t LEVEL(logit)(
    const CEntropyCodingLayers *layers, const int16_t *sums, const int16_t *left) {
  enum { Lanes = sizeof(Vector) / sizeof(int16_t), Half = Lanes / 2 };
  const Vector none = {0};
  const Vector most = none + ActivationMaximum;
  _Alignas(64) int16_t hidden[CEntropyCodingMaximumUnits];
  for (size_t u = 0; u < layers->firstUnits; u += Lanes) {
    const Vector sum = *(const Vector *)(sums + u) + *(const Vector *)(left + u);
    const Vector value = sum >> (int16_t)layers->firstShift;
    *(Vector *)(hidden + u) =
        __builtin_elementwise_min(__builtin_elementwise_max(value, none), most);
  }

  const size_t outputs = layers->secondUnits;
  const Sums zero = {0};
  const Sums limit = zero + ActivationMaximum;
  Sums total = zero;
  // Two registers of outputs at a time; adding up even and odd pairs apart halves the wait.
  for (size_t v = 0; v < outputs; v += Lanes) {
    Sums low = *(const Sums *)(layers->secondBiases + v);
    Sums high = *(const Sums *)(layers->secondBiases + v + Half);
    Sums lowOdd = zero, highOdd = zero;
    const int16_t *weights = layers->secondWeights + 2 * v;
    for (size_t i = 0; i < layers->firstUnits; i += 4) {
      int32_t pair, oddPair;
      __builtin_memcpy(&pair, hidden + i, sizeof pair);
      __builtin_memcpy(&oddPair, hidden + i + 2, sizeof oddPair);
      const Vector even = (Vector)(zero + pair), odd = (Vector)(zero + oddPair);
      low += PAIR_PRODUCTS(even, *(const Vector *)weights);
      high += PAIR_PRODUCTS(even, *(const Vector *)(weights + Lanes));
      weights += 2 * outputs;
      lowOdd += PAIR_PRODUCTS(odd, *(const Vector *)weights);
      highOdd += PAIR_PRODUCTS(odd, *(const Vector *)(weights + Lanes));
      weights += 2 * outputs;
    }
    low = __builtin_elementwise_max((low + lowOdd) >> layers->secondShift, zero);
    high = __builtin_elementwise_max((high + highOdd) >> layers->secondShift, zero);
    const Sums *third = (const Sums *)(layers->thirdWeights + 2 * v);
    total += PAIR_PRODUCTS((Vector)__builtin_elementwise_min(low, limit), (Vector)third[0]);
    total += PAIR_PRODUCTS((Vector)__builtin_elementwise_min(high, limit), (Vector)third[1]);
  }
  int32_t sum = layers->thirdBias;
  for (size_t i = 0; i < Half; i++) sum += total[i];
  return sum >> layers->thirdShift;
}
