// The context network: one masked layer and two 1×1 layers, for one bit after another.
//
// The first layer sees 39 neighbouring values of three states each. Three of a row have 27 patterns,
// five 243, so a table holds what each adds to all units at once, and 12 look-ups replace 39 products
// for every unit. So it is with the bits of linked maps at the same position, eight of which have 256
// patterns.
// All but the two values to the left are known before the row begins:
// `sumRow` adds them up for the whole row, where nothing waits for anything, and only the last
// look-up and the two small layers wait for the bit before.

#include "CEntropyCoding.h"

enum { ActivationMaximum = 255 };

// As many numbers as a register of each level has, in memory without alignment.
#define NUMBERS(TYPE, BYTES) TYPE __attribute__((vector_size(BYTES), aligned(2)))

#if defined(__x86_64__)
typedef NUMBERS(int16_t, 16) Vector128;
typedef NUMBERS(int32_t, 16) Sums128;
typedef NUMBERS(int16_t, 32) Vector256;
typedef NUMBERS(int32_t, 32) Sums256;

#define LEVEL(name) name##Baseline
#define ATTRIBUTES
#define Vector Vector128
#define Sums Sums128
#define PAIR_PRODUCTS(a, b) ((Sums)__builtin_ia32_pmaddwd128(a, b))
#include "ContextNetworkLoops.h"
#undef LEVEL
#undef ATTRIBUTES
#undef Vector
#undef Sums
#undef PAIR_PRODUCTS

#define LEVEL(name) name##AVX2
#define ATTRIBUTES __attribute__((target("avx2")))
#define Vector Vector256
#define Sums Sums256
#define PAIR_PRODUCTS(a, b) ((Sums)__builtin_ia32_pmaddwd256(a, b))
#include "ContextNetworkLoops.h"
#else
typedef NUMBERS(int16_t, 16) Vector128;
typedef NUMBERS(int32_t, 16) Sums128;
typedef NUMBERS(int32_t, 32) Products;

static inline Sums128 pairProducts(Vector128 a, Vector128 b) {
  const Products products =
      __builtin_convertvector(a, Products) * __builtin_convertvector(b, Products);
  return __builtin_shufflevector(products, products, 0, 2, 4, 6)
         + __builtin_shufflevector(products, products, 1, 3, 5, 7);
}

#define LEVEL(name) name##Baseline
#define ATTRIBUTES
#define Vector Vector128
#define Sums Sums128
#define PAIR_PRODUCTS(a, b) pairProducts(a, b)
#include "ContextNetworkLoops.h"
#endif

CEntropyCodingLevel CEntropyCodingBestLevel(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return CEntropyCodingLevelAVX2;
#endif
  return CEntropyCodingLevelBaseline;
}

void CEntropyCodingFillTable(
    const int16_t *zeros, const int16_t *ones, size_t columns, size_t units, int16_t *table) {
  for (size_t u = 0; u < units; u++) table[u] = 0;
  // Each column triples the table: the patterns so far become those with a last digit of 0, 1, 2.
  // From the back, so that a pattern is read before its place is written.
  size_t count = 1;
  for (size_t column = 0; column < columns; column++, count *= 3) {
    for (size_t pattern = count; pattern-- > 0;) {
      const int16_t *prefix = table + pattern * units;
      int16_t *rows = table + 3 * pattern * units;
      for (size_t u = 0; u < units; u++) {
        const int16_t sum = prefix[u];
        rows[2 * units + u] = (int16_t)(sum + ones[column * units + u]);
        rows[units + u] = (int16_t)(sum + zeros[column * units + u]);
        rows[u] = sum;
      }
    }
  }
}

void CEntropyCodingFillLinkTable(
    const int16_t *links, size_t count, size_t units, int16_t *table) {
  for (size_t u = 0; u < units; u++) table[u] = 0;
  // Each bit doubles the table: the sums so far, once more with the bit's weights.
  for (size_t bit = 0; bit < CEntropyCodingLinksInTable; bit++) {
    const size_t size = ((size_t)1 << bit) * units;
    for (size_t i = 0; i < size; i += units) {
      for (size_t u = 0; u < units; u++) {
        const int16_t weight = bit < count ? links[bit * units + u] : 0;
        table[size + i + u] = (int16_t)(table[i + u] + weight);
      }
    }
  }
}

void CEntropyCodingSumRow(
    CEntropyCodingLevel level, size_t units, const int16_t *const *tables,
    const uint8_t *const *patterns, size_t tableCount, const uint32_t *columns, size_t count,
    const int16_t *biases, const uint32_t *offsets, int16_t *sums) {
#if defined(__x86_64__)
  if (level == CEntropyCodingLevelAVX2) {
    sumRowAVX2(units, tables, patterns, tableCount, columns, count, biases, offsets, sums);
    return;
  }
#else
  (void)level;
#endif
  sumRowBaseline(units, tables, patterns, tableCount, columns, count, biases, offsets, sums);
}

int32_t CEntropyCodingLogit(
    CEntropyCodingLevel level, const CEntropyCodingLayers *layers, const int16_t *sums,
    const int16_t *left) {
#if defined(__x86_64__)
  if (level == CEntropyCodingLevelAVX2) return logitAVX2(layers, sums, left);
#else
  (void)level;
#endif
  return logitBaseline(layers, sums, left);
}
