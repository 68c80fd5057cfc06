"use strict";

// The chart: an SVG that is drawn anew on every change, with hover, selection, zoom and keys.

const margins = { left: 66, right: 18, top: 16, bottom: 52 };

const chart = {
  node: byId("chart"),
  tooltip: element("div", { class: "tooltip", hidden: true }),
  view: null,
  isZoomed: false,
  curves: [],
  selected: null,
  size: { width: 0, height: 0 },
};

/** Horizontal pixel of a position on the rate axis. */
function xPixel(position) {
  const [low, high] = chart.view.x;
  return margins.left + (position - low) / (high - low) * plotWidth();
}

/** Vertical pixel of a score. */
function yPixel(score) {
  const [low, high] = chart.view.y;
  return margins.top + (high - score) / (high - low) * plotHeight();
}

function plotWidth() { return Math.max(40, chart.size.width - margins.left - margins.right); }
function plotHeight() { return Math.max(40, chart.size.height - margins.top - margins.bottom); }

/** Takes the curves of the state and shows all of them. */
function resetChart() {
  chart.isZoomed = false;
  takeCurves();
}

/** Takes the curves of the state; what the reader has zoomed into stays. */
function takeCurves() {
  chart.curves = shownCurves();
  if (!chart.isZoomed) chart.view = fittingView(chart.curves);
  chart.selected = null;
  byId("readout").textContent = "";
  hideTooltip();
  drawChart();
}

function drawChart() {
  const { width, height } = chart.node.getBoundingClientRect();
  if (width === 0) return;
  chart.size = { width, height };
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  svg.append(
    drawn("defs", null, drawn("clipPath", { id: "plot-area" }, drawn("rect", {
      x: margins.left, y: margins.top, width: plotWidth(), height: plotHeight(),
    }))),
    axes(), curveGroup());
  chart.node.replaceChildren(svg, chart.tooltip);
  chart.node.setAttribute("aria-label",
    `${measure().name} against rate: ${counted(chart.curves.length, "curve")}`);
  markSelection();
}

function axes() {
  const group = drawn("g");
  const [right, bottom] = [margins.left + plotWidth(), margins.top + plotHeight()];
  const across = (state.logRate ? logTicks : ticks)(chart.view.x, plotWidth() / 90);
  for (const [position, text] of across) {
    const x = xPixel(position).toFixed(1);
    group.append(
      drawn("line", { class: "grid", x1: x, x2: x, y1: margins.top, y2: bottom }),
      drawn("text", { x, y: bottom + 20, "text-anchor": "middle" }, text));
  }
  for (const [score, text] of ticks(chart.view.y, plotHeight() / 55)) {
    const y = yPixel(score).toFixed(1);
    group.append(
      drawn("line", { class: "grid", x1: margins.left, x2: right, y1: y, y2: y }),
      drawn("text", { x: margins.left - 8, y: Number(y) + 4.5, "text-anchor": "end" }, text));
  }
  const middle = margins.top + plotHeight() / 2;
  group.append(
    drawn("text", {
      class: "axis-title", x: margins.left + plotWidth() / 2, y: bottom + 42, "text-anchor": "middle",
    }, "Rate (bits per pixel)"),
    drawn("text", {
      class: "axis-title", "text-anchor": "middle", transform: `translate(17 ${middle}) rotate(-90)`,
    }, state.image === null ? measure().axisLabel : measure().imageAxisLabel));
  return group;
}

function curveGroup() {
  const group = drawn("g", { "clip-path": "url(#plot-area)", id: "curve-group" });
  for (const { curve, points } of chart.curves) {
    const places = points.filter((point) => !state.logRate || point.rate > 0)
      .map((point) => [xPixel(rateScale(point.rate)), yPixel(point.score)]);
    const published = isPublished(curve);
    const line = drawn("path", {
      class: published ? "curve published" : "curve", "data-curve": curve,
      d: places.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join(""),
    });
    line.style.stroke = colorOf(curve);
    group.append(drawn("g", { "data-group": curve }, line, ...places.map(([x, y]) => marker(curve, x, y))));
  }
  return group;
}

/** Rings the selected point, and lets the other curves step back. */
function markSelection() {
  const group = byId("curve-group");
  group?.querySelector(".selected-ring")?.remove();
  const { selected } = chart;
  for (const child of group?.querySelectorAll("[data-group]") ?? []) {
    child.classList.toggle("dimmed",
      selected !== null && Number(child.dataset.group) !== chart.curves[selected.index].curve);
  }
  if (selected === null) return;
  const point = chart.curves[selected.index].points[selected.point];
  group.append(drawn("circle", {
    class: "selected-ring", cx: xPixel(rateScale(point.rate)), cy: yPixel(point.score), r: 9,
  }));
}

/** Selects a point, or nothing with null, and says its values. */
function select(selected, byKey) {
  chart.selected = selected;
  markSelection();
  if (selected === null) return hideTooltip();
  const { curve, points } = chart.curves[selected.index];
  const point = points[selected.point];
  // Only the keyboard's walk is read out; a mouse's would never stop.
  if (byKey) byId("readout").textContent = `${pointSentence(curve, point)}.`;
  showTooltip(curve, point);
}

function hideTooltip() { chart.tooltip.hidden = true; }

function showTooltip(curve, point) {
  const { unit, digits, name } = measure();
  const score = `${name}: ${fixed(point.score, digits)}${unit ? ` ${unit}` : ""}`;
  const lines = [`${fixed(point.rate, 4)} bits per pixel`, score];
  if (point.quality !== null) lines.push(`quality ${shortQuality(point.quality)}`);
  if (state.image === null && point.images > 0) lines.push(`mean of ${counted(point.images, "image")}`);
  const { tooltip } = chart;
  tooltip.replaceChildren(
    element("strong", null, swatch(curve), nameOf(curve)),
    ...lines.map((line) => element("div", null, line)));
  tooltip.hidden = false;
  const [x, y] = [xPixel(rateScale(point.rate)), yPixel(point.score)];
  const { width, height } = tooltip.getBoundingClientRect();
  const left = x + 16 + width > chart.size.width ? x - 16 - width : x + 16;
  tooltip.style.left = `${Math.max(4, left)}px`;
  tooltip.style.top = `${Math.max(4, Math.min(y - height / 2, chart.size.height - height - 4))}px`;
}

/** The point nearest to a place in the chart, within 40 pixels. */
function nearest(x, y) {
  let best = null;
  let least = 40 ** 2;
  chart.curves.forEach(({ points }, index) => points.forEach((point, pointIndex) => {
    if (state.logRate && point.rate <= 0) return;
    const distance = (xPixel(rateScale(point.rate)) - x) ** 2 + (yPixel(point.score) - y) ** 2;
    if (distance < least) {
      least = distance;
      best = { index, point: pointIndex };
    }
  }));
  return best;
}

/** Shows another part of the plane. */
function setView(view) {
  const room = (range) => range[1] - range[0] > 1e-9 * Math.max(1, Math.abs(range[0]));
  if (!room(view.x) || !room(view.y)) return;
  chart.view = view;
  chart.isZoomed = true;
  hideTooltip();
  drawChart();
}

/** Enlarges by a factor around a place, the middle unless told otherwise. */
function zoom(factor, at = { x: margins.left + plotWidth() / 2, y: margins.top + plotHeight() / 2 }) {
  const around = ([low, high], center) => [center + (low - center) / factor, center + (high - center) / factor];
  const place = position(at.x, at.y);
  setView({ x: around(chart.view.x, place.x), y: around(chart.view.y, place.y) });
}

/** Moves the view by parts of its width and height. */
function pan(right, up) {
  const moved = ([low, high], share) => [low + share * (high - low), high + share * (high - low)];
  setView({ x: moved(chart.view.x, right), y: moved(chart.view.y, up) });
}

/** The position on the axes of a place in the chart. */
function position(x, y) {
  const { view } = chart;
  return {
    x: view.x[0] + (x - margins.left) / plotWidth() * (view.x[1] - view.x[0]),
    y: view.y[1] - (y - margins.top) / plotHeight() * (view.y[1] - view.y[0]),
  };
}
