"use strict";

// Mouse, touch and keys in the chart.

/** The drag under way: where it began, the view at that time, and whether it moves the view. */
let drag = null;

function placeOf(event) {
  const box = chart.node.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function startDrag(event) {
  if (event.button !== 0) return;
  const pans = event.shiftKey || document.querySelector("input[name=drag]:checked").value === "pan";
  drag = { start: placeOf(event), view: chart.view, pans };
  chart.node.setPointerCapture(event.pointerId);
}

function moveDrag(event) {
  const place = placeOf(event);
  if (drag === null) return select(nearest(place.x, place.y), false);
  const [dx, dy] = [place.x - drag.start.x, place.y - drag.start.y];
  if (drag.pans) {
    chart.view = drag.view;
    return pan(-dx / plotWidth(), dy / plotHeight());
  }
  const frame = byId("zoom-frame") ?? chart.node.querySelector("svg")
    .appendChild(drawn("rect", { id: "zoom-frame", class: "zoom-frame" }));
  frame.setAttribute("x", Math.min(place.x, drag.start.x));
  frame.setAttribute("y", Math.min(place.y, drag.start.y));
  frame.setAttribute("width", Math.abs(dx));
  frame.setAttribute("height", Math.abs(dy));
}

function endDrag(event) {
  if (drag === null) return;
  const { start, pans } = drag;
  const end = placeOf(event);
  drag = null;
  byId("zoom-frame")?.remove();
  if (pans) return;
  // A frame of a few pixels is a click.
  if (Math.abs(end.x - start.x) < 8 || Math.abs(end.y - start.y) < 8) {
    return select(nearest(end.x, end.y), true);
  }
  const [a, b] = [position(start.x, start.y), position(end.x, end.y)];
  setView({
    x: [Math.min(a.x, b.x), Math.max(a.x, b.x)], y: [Math.min(a.y, b.y), Math.max(a.y, b.y)],
  });
}

/** Goes along a curve, or to the nearest point of another one. */
function walk(along, across) {
  if (chart.curves.length === 0) return;
  if (chart.selected === null) return select({ index: 0, point: 0 }, true);
  const { index, point } = chart.selected;
  const { points } = chart.curves[index];
  if (across === 0) {
    const next = Math.min(Math.max(point + along, 0), points.length - 1);
    return select({ index, point: next }, true);
  }
  const other = (index + across + chart.curves.length) % chart.curves.length;
  const distances = chart.curves[other].points.map(({ rate }) => Math.abs(rate - points[point].rate));
  select({ index: other, point: distances.indexOf(Math.min(...distances)) }, true);
}

function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  if (event.key in moves) {
    const [x, y] = moves[event.key];
    if (event.shiftKey) pan(x * 0.1, y * 0.1);
    else walk(x, -y);
  } else if (event.key === "+" || event.key === "=") zoom(1.4);
  else if (event.key === "-") zoom(1 / 1.4);
  else if (event.key === "0") resetChart();
  else if (event.key === "Escape") select(null, false);
  else return;
  event.preventDefault();
}

function startChart() {
  const { node } = chart;
  node.addEventListener("pointerdown", startDrag);
  node.addEventListener("pointermove", moveDrag);
  node.addEventListener("pointerup", endDrag);
  node.addEventListener("pointercancel", () => { drag = null; byId("zoom-frame")?.remove(); });
  node.addEventListener("pointerleave", () => { if (drag === null) select(null, false); });
  node.addEventListener("dblclick", resetChart);
  node.addEventListener("keydown", pressKey);
  node.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, placeOf(event));
  }, { passive: false });
  for (const radio of document.querySelectorAll("input[name=drag]")) {
    radio.addEventListener("change", () => node.classList.toggle("pans", radio.value === "pan"));
  }
  for (const radio of document.querySelectorAll("input[name=rate-axis]")) {
    radio.addEventListener("change", () => change({ logRate: radio.value === "log" }));
  }
  byId("zoom-in").addEventListener("click", () => zoom(1.4));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
  byId("zoom-reset").addEventListener("click", resetChart);
  new ResizeObserver(() => { if (chart.view !== null) drawChart(); }).observe(node);
}
