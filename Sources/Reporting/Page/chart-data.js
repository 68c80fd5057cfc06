"use strict";

// Which curves the chart shows, and its scales.

/**
 * The curves over the set, or those of the chosen image:
 * `{curve, points: [{rate, score, quality, images}]}` in the order of the report.
 */
function shownCurves() {
  const curves = state.image === null ? meanCurves() : imageCurves(state.image);
  return curves.filter(({ curve }) => !state.hidden.has(curve));
}

function meanCurves() {
  return measure().curves.map(({ curve, points }) => ({
    curve,
    points: points.map(([rate, score, quality, images]) => ({ rate, score, quality, images })),
  }));
}

function imageCurves(image) {
  const { rows } = report;
  const scores = scoreColumns[state.measure];
  const byCurve = new Map();
  for (let row = 0; row < rows.curve.length; row += 1) {
    const curve = rows.curve[row];
    if (rows.image[row] !== image || rows.status[row] !== "ok" || report.curves[curve].lossless) continue;
    if (!Number.isFinite(scores[row] ?? NaN) || rows.bitsPerPixel[row] === null) continue;
    if (!byCurve.has(curve)) byCurve.set(curve, []);
    byCurve.get(curve).push({
      rate: rows.bitsPerPixel[row], score: scores[row], quality: rows.quality[row], images: 1,
    });
  }
  return [...byCurve.entries()].sort((a, b) => a[0] - b[0])
    .map(([curve, points]) => ({ curve, points }));
}

/** The view that shows all points with a little room, on the axes' own scales. */
function fittingView(curves) {
  const points = curves.flatMap((curve) => curve.points)
    .filter((point) => !state.logRate || point.rate > 0);
  if (points.length === 0) return { x: [0, 1], y: [0, 1] };
  const x = extent(points.map((point) => rateScale(point.rate)));
  const y = extent(points.map((point) => point.score));
  return { x: widened(x, state.logRate ? null : 0), y: widened(y, null) };
}

/** Where a rate lies on the horizontal axis. */
function rateScale(rate) { return state.logRate ? Math.log10(rate) : rate; }

function extent(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity]);
}

function widened([low, high], floor) {
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [floor === null ? low - room : Math.min(floor, low), high + room];
}

/** Round numbers within a range, about `count` of them: `[value, text]`. */
function ticks([low, high], count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= raw);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
  const result = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    result.push([index * step, fixed(index * step, Math.min(digits, 12)).replace(/^−(0(\.0*)?)$/, "$1")]);
  }
  return result;
}

/** Ticks of a logarithmic axis whose ends are powers of ten: 1, 2 and 5 in each decade. */
function logTicks([low, high], count) {
  if (high - low < 0.5) {
    return ticks([10 ** low, 10 ** high], count)
      .filter(([value]) => value > 0).map(([value, text]) => [Math.log10(value), text]);
  }
  const result = [];
  for (let decade = Math.floor(low); decade <= high; decade += 1) {
    for (const factor of [1, 2, 5]) {
      const position = decade + Math.log10(factor);
      if (position >= low && position <= high) {
        result.push([position, fixed(factor * 10 ** decade, Math.max(0, -decade))]);
      }
    }
  }
  return result;
}

/** The outline of a curve's points around the origin; radii give all shapes about the same area. */
const markerPaths = [
  "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0Z",
  "M-4.4 -4.4H4.4V4.4H-4.4Z",
  "M0 -6.3L5.5 3.2H-5.5Z",
  "M0 -6L5.6 0L0 6L-5.6 0Z",
  "M0 6.3L5.5 -3.2H-5.5Z",
  "M-5.3 -2H-2V-5.3H2V-2H5.3V2H2V5.3H-2V2H-5.3Z",
  "M0 -5.6L5.3 -1.7L3.3 4.5H-3.3L-5.3 -1.7Z",
];

/** A curve's point at a place; published curves and every second round of colours are hollow. */
function marker(curve, x, y) {
  const round = Math.floor(curve / 7);
  const hollow = isPublished(curve) || round % 2 === 1;
  const node = drawn("path", {
    d: markerPaths[(curve + Math.floor(round / 2)) % markerPaths.length],
    transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`, class: "marker",
  });
  node.style.fill = hollow ? "var(--ground)" : colorOf(curve);
  node.style.stroke = hollow ? colorOf(curve) : "var(--ground)";
  node.style.strokeWidth = hollow ? "2" : "1";
  return node;
}

/** One point in words. */
function pointSentence(curve, point) {
  const { unit, digits, name } = measure();
  const parts = [
    nameOf(curve),
    `${fixed(point.rate, 4)} bits per pixel`,
    `${name} ${fixed(point.score, digits)}${unit ? ` ${unit}` : ""}`,
  ];
  if (point.quality !== null) parts.splice(1, 0, `quality ${shortQuality(point.quality)}`);
  if (state.image === null && point.images > 0) parts.push(`mean of ${counted(point.images, "image")}`);
  return parts.join(", ");
}
