"use strict";

// The report's data, the state of the page, and how elements and numbers are made.
// Text from the data only ever becomes text nodes and attributes, never markup.

const report = JSON.parse(document.getElementById("report-data").textContent);

/** What the reader has chosen. `image` is an index of `report.images`, or null for the means. */
const state = { measure: 0, anchor: 0, image: null, hidden: new Set(), logRate: false };
const listeners = [];

/** Calls `listener` with the names of what changed, after each change. */
function whenChanged(listener) { listeners.push(listener); }

/** Changes the state and tells everybody. */
function change(values) {
  Object.assign(state, values);
  for (const listener of listeners) listener(Object.keys(values));
}

/** The element with an id. */
function byId(id) { return document.getElementById(id); }

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Makes an HTML element; attributes that begin with `on` are listeners. */
function element(name, attributes, ...children) {
  return build(document.createElement(name), attributes, children);
}

/** Makes an SVG element. */
function drawn(name, attributes, ...children) {
  return build(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** Fills a select with `[value, text]` pairs and returns it. */
function fillSelect(select, options, chosen) {
  select.replaceChildren(
    ...options.map(([value, text]) => element("option", { value }, text)));
  if (chosen !== undefined) select.value = String(chosen);
  return select;
}

/** A number of the data: JSON has no infinity, so the report writes it as "inf". */
function numeric(value) { return value === "inf" ? Infinity : value; }

/** A number with fixed decimals and a true minus sign; “–” for none. */
function fixed(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === Infinity) return "∞";
  return value.toFixed(digits).replace("-", "−");
}

/** A text, or a number as it stands in the data with a true minus sign; “–” for none. */
function plain(value) {
  if (value === null || value === undefined) return "–";
  return typeof value === "number" ? String(value).replace("-", "−") : value;
}

/** A quality as short as it may be: the search for a rate finds ones with many digits. */
function shortQuality(value) {
  return plain(Number(value.toPrecision(4)));
}

/** Three significant digits, never in powers of ten. */
function threeDigits(value) {
  if (value === 0 || !Number.isFinite(value)) return fixed(value, 0);
  return fixed(value, Math.max(0, Math.min(8, 2 - Math.floor(Math.log10(Math.abs(value))))));
}

/** `3 images`, `1 image`. */
function counted(count, word) { return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`; }

/** A curve's colour, as a reference to the theme. */
function colorOf(curve) { return `var(--curve-${curve % 7})`; }

/** A curve's name; a published one says so. */
function nameOf(curve) {
  const { label, remark } = report.curves[curve];
  return remark ? `${label} (${remark})` : label;
}

/** Whether a curve was taken from the literature. */
function isPublished(curve) { return report.curves[curve].remark !== ""; }

/** A small square in a curve's colour. */
function swatch(curve) {
  const mark = element("span", { class: "swatch", "aria-hidden": "true" });
  mark.style.background = colorOf(curve);
  return mark;
}

/** The chosen measure. */
function measure() { return report.measures[state.measure]; }

/** The scores of a measure by row; a row without one has null. */
const scoreColumns = report.rows.scores.map((column) => column.map(numeric));
