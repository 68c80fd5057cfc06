// The inner loops of the context network: whole-number layers over 16-bit vectors.
//
// They are C because Swift builds for the baseline of an architecture, while these loops gain from
// wider vectors. Every function takes plain pointers to memory that the caller owns, allocates
// nothing and cannot fail. All sums fit their types for networks that the caller has checked, so
// the results are the same on every level and machine.
//
// A *unit row* is one 16-bit number for each hidden unit of the first layer; their count is a
// multiple of `CEntropyCodingLanes`, as is that of the second layer.

#ifndef CENTROPYCODING_H
#define CENTROPYCODING_H

#include <stddef.h>
#include <stdint.h>

/// An instruction set that the loops are compiled for.
typedef enum CEntropyCodingLevel {
  /// What every processor of the architecture has: SSE2 or NEON.
  CEntropyCodingLevelBaseline = 0,
  /// AVX2, x86-64 only.
  CEntropyCodingLevelAVX2 = 1,
} CEntropyCodingLevel;

/// The widest level that this processor has.
CEntropyCodingLevel CEntropyCodingBestLevel(void);

enum {
  /// Hidden units are counted in this many.
  CEntropyCodingLanes = 16,
  /// The most hidden units of a layer.
  CEntropyCodingMaximumUnits = 128,
  /// How many linked maps share a table, and what their bits at a position can be.
  CEntropyCodingLinksInTable = 8,
  CEntropyCodingLinkPatterns = 256,
};

/// The layers behind the first for one map.
typedef struct CEntropyCodingLayers {
  size_t firstUnits;
  size_t secondUnits;
  /// Of pair i of first-layer units and output v, two numbers at 2 · (i · secondUnits + v).
  const int16_t *_Nonnull secondWeights;
  /// Half of 2^secondShift included.
  const int32_t *_Nonnull secondBiases;
  /// Each followed by a zero.
  const int16_t *_Nonnull thirdWeights;
  /// Half of 2^thirdShift included.
  int32_t thirdBias;
  int32_t firstShift;
  int32_t secondShift;
  int32_t thirdShift;
} CEntropyCodingLayers;

/// Fills the tables of one row of the context: for each pattern the sum of its values' weights.
///
/// A pattern is a number in base 3, its first digit the leftmost value: 0 unavailable, 1 for a bit of
/// 0, 2 for a bit of 1.
///
/// - zeros, ones: the weights of bits 0 and 1, `columns` unit rows each, the leftmost first.
/// - table: 3^columns unit rows.
void CEntropyCodingFillTable(
    const int16_t *_Nonnull zeros, const int16_t *_Nonnull ones, size_t columns, size_t units,
    int16_t *_Nonnull table);

/// Fills the table of some linked maps: for each set of bits of 1 the sum of its maps' weights.
///
/// - links: `count` unit rows, the lowest bit's first; the bits above add nothing.
/// - count: at most `CEntropyCodingLinksInTable`.
/// - table: `CEntropyCodingLinkPatterns` unit rows.
void CEntropyCodingFillLinkTable(
    const int16_t *_Nonnull links, size_t count, size_t units, int16_t *_Nonnull table);

/// Adds up what is known of the first layer before a row of a map is coded.
///
/// - tables: tables of unit rows, `tableCount` of them.
/// - patterns: for each of these tables the patterns of a row, by column.
/// - columns: the columns whose bits are coded.
/// - biases: unit rows that begin the sums, by column of the picture's row: `biases + offsets[column]`.
/// - sums: a unit row for each of the columns.
void CEntropyCodingSumRow(
    CEntropyCodingLevel level, size_t units, const int16_t *_Nonnull const *_Nonnull tables,
    const uint8_t *_Nonnull const *_Nonnull patterns, size_t tableCount,
    const uint32_t *_Nonnull columns, size_t count, const int16_t *_Nonnull biases,
    const uint32_t *_Nonnull offsets, int16_t *_Nonnull sums);

/// Runs the network to its end for one bit: the logit in the table's units, not yet limited.
///
/// - sums: the unit row of `CEntropyCodingSumRow`.
/// - left: the unit row that the values to the left add.
int32_t CEntropyCodingLogit(
    CEntropyCodingLevel level, const CEntropyCodingLayers *_Nonnull layers,
    const int16_t *_Nonnull sums, const int16_t *_Nonnull left);

#endif
