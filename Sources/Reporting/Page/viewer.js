"use strict";

// Two pictures under one dividing line, and the loupe. Every pixel is the decoder's own.

const loupeSize = { width: 60, height: 40 };

/** What the viewer shows: indexes of the picture and the rate, two sources, the loupe's centre. */
const viewer = { picture: 0, rate: 0, left: null, right: null, divider: 50, x: 0, y: 0, images: [] };

function shownPicture() { return report.pictures[viewer.picture]; }

/**
 * What either side may show at the chosen rate: `{key, label, source, entry}`, the original first.
 * A key stays the same from rate to rate.
 */
function sides() {
  const list = [{ key: "original", label: "original", source: 0, entry: null }];
  for (const entry of shownPicture().rates[viewer.rate].entries) {
    const label = nameOf(entry.curve);
    list.push({ key: `${entry.curve}`, label, source: entry.source, entry });
    for (const drawing of entry.drawings) {
      list.push({
        key: `${entry.curve} ${drawing.name}`, label: `${label}: ${drawing.name.replaceAll("-", " ")}`,
        source: drawing.source, entry,
      });
    }
  }
  return list;
}

function side(name) { return sides().find(({ key }) => key === viewer[name]) ?? sides()[0]; }

function startViewer() {
  const { pictures } = report;
  byId("pictures").hidden = pictures.length === 0;
  byId("pictures-link").hidden = pictures.length === 0;
  if (pictures.length === 0) return;
  byId("pictures-hint").textContent = report.picturesNote;
  const picker = fillSelect(byId("picture"), pictures.map((picture, index) =>
    [index, report.images[picture.image].name]));
  picker.addEventListener("change", () => showPicture(Number(picker.value)));
  byId("rate").addEventListener("change", (event) => {
    viewer.rate = Number(event.target.value);
    showSides();
  });
  for (const name of ["left", "right"]) {
    byId(name).addEventListener("change", (event) => {
      viewer[name] = event.target.value;
      showSides();
    });
  }
  byId("swap").addEventListener("click", () => {
    [viewer.left, viewer.right] = [viewer.right, viewer.left];
    showSides();
  });
  byId("slider").addEventListener("input", (event) => setDivider(Number(event.target.value)));
  startStage();
  showPicture(0);
}

function showPicture(index) {
  viewer.picture = index;
  const picture = shownPicture();
  viewer.rate = Math.min(viewer.rate, picture.rates.length - 1);
  fillSelect(byId("rate"), picture.rates.map(({ target }, position) =>
    [position, `about ${plain(target)} bits per pixel`]), viewer.rate);
  viewer.images = picture.sources.map((source) => {
    const image = new Image();
    image.addEventListener("load", drawLoupe);
    image.src = source;
    return image;
  });
  const stage = byId("stage");
  stage.style.aspectRatio = `${picture.window.width} / ${picture.window.height}`;
  // Whole multiples keep every pixel the same size.
  stage.parentElement.style.maxWidth = `${2 * picture.window.width}px`;
  chooseSides();
  viewer.x = picture.window.width / 2;
  viewer.y = picture.window.height / 2;
  showOverview(picture);
  showSides();
}

/** Keeps the sides where the picture has them; at first the first codec and one of another library. */
function chooseSides() {
  const list = sides();
  const has = (key) => list.some((option) => option.key === key);
  const version = ({ entry }) => report.curves[entry.curve].version;
  const first = list[1] ?? list[0];
  if (!has(viewer.left)) viewer.left = first.key;
  if (has(viewer.right)) return;
  const other = list.find((option) => option.entry !== null && version(option) !== version(first));
  viewer.right = (other ?? list[2] ?? list[0]).key;
}

/** Shows where in the whole image the window lies. */
function showOverview({ image, window, thumbnail }) {
  const { name, width, height } = report.images[image];
  byId("thumbnail").src = thumbnail;
  byId("thumbnail").alt = `The whole of ${name}, reduced`;
  const frame = byId("window-frame").style;
  frame.left = `${100 * window.x / width}%`;
  frame.top = `${100 * window.y / height}%`;
  frame.width = `${100 * window.width / width}%`;
  frame.height = `${100 * window.height / height}%`;
  byId("window-name").textContent =
    `${window.width}×${window.height} of ${width}×${height} pixels at ${window.x},${window.y}`;
}

function showSides() {
  const options = sides().map(({ key, label }) => [key, label]);
  for (const name of ["left", "right"]) {
    const shown = side(name);
    fillSelect(byId(name), options, shown.key);
    const picture = byId(`${name}-picture`);
    picture.src = shownPicture().sources[shown.source];
    picture.alt = `${shown.label}, ${name} of the dividing line`;
    byId(`${name}-caption`).replaceChildren(element("strong", null, shown.label), caption(shown));
    byId(`loupe-${name}-name`).textContent = `${name}: ${shown.label}`;
  }
  setDivider(viewer.divider);
}

/** Rate and scores of what a side shows; says so where the rate is far from the one asked for. */
function caption({ entry }) {
  if (entry === null) return "what the codecs were given";
  const { rows } = report;
  const { target } = shownPicture().rates[viewer.rate];
  const rate = rows.bitsPerPixel[entry.row];
  const off = 100 * (rate / target - 1);
  const parts = [`${fixed(rate, 3)} bits per pixel`];
  if (Math.abs(off) >= 5) parts[0] += ` (${fixed(Math.abs(off), 0)} % ${off > 0 ? "more" : "less"} than asked for)`;
  if (rows.quality[entry.row] !== null) parts.push(`quality ${shortQuality(rows.quality[entry.row])}`);
  for (const [index, { name, unit, digits, isShownWithPictures }] of report.measures.entries()) {
    const score = scoreColumns[index][entry.row];
    if (!isShownWithPictures || score === null) continue;
    parts.push(`${name} ${fixed(score, digits)}${unit ? ` ${unit}` : ""}`);
  }
  return parts.join(" · ");
}

function setDivider(percent) {
  viewer.divider = Math.min(Math.max(percent, 0), 100);
  byId("right-picture").style.clipPath = `inset(0 0 0 ${viewer.divider}%)`;
  byId("divider").style.left = `${viewer.divider}%`;
  const slider = byId("slider");
  slider.value = String(viewer.divider);
  slider.setAttribute("aria-valuetext",
    `${fixed(viewer.divider, 0)} per cent ${side("left").label}, the rest ${side("right").label}`);
  drawLoupe();
}

function startStage() {
  const stage = byId("stage");
  let dragged = false;
  const place = (event) => {
    const box = stage.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const point = (event) => {
    const { width, height } = shownPicture().window;
    const { x, y } = place(event);
    moveLoupe(Math.floor(x * width) + 0.5, Math.floor(y * height) + 0.5);
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragged = true;
    stage.setPointerCapture(event.pointerId);
    point(event);
    if (event.pointerType === "mouse") setDivider(100 * place(event).x);
  });
  stage.addEventListener("pointermove", (event) => {
    if (dragged) setDivider(100 * place(event).x);
    point(event);
  });
  for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => { dragged = false; });
  stage.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 20 : 2;
    const [x, y] = moves[event.key];
    moveLoupe(viewer.x + step * x, viewer.y + step * y);
  });
}

function moveLoupe(x, y) {
  const { width, height } = shownPicture().window;
  viewer.x = Math.min(Math.max(x, 0), width);
  viewer.y = Math.min(Math.max(y, 0), height);
  drawLoupe();
}

/** Draws the same part of both sides and of the original, four screen pixels to one. */
function drawLoupe() {
  const { window } = shownPicture();
  const width = Math.min(loupeSize.width, window.width);
  const height = Math.min(loupeSize.height, window.height);
  const left = Math.round(Math.min(Math.max(viewer.x - width / 2, 0), window.width - width));
  const top = Math.round(Math.min(Math.max(viewer.y - height / 2, 0), window.height - height));
  const shown = { left: side("left"), original: sides()[0], right: side("right") };
  for (const [name, { source, label }] of Object.entries(shown)) {
    const canvas = byId(`loupe-${name}`);
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const image = viewer.images[source];
    if (image?.complete) context.drawImage(image, left, top, width, height, 0, 0, 4 * width, 4 * height);
    canvas.setAttribute("aria-label", `${label}, ${width}×${height} pixels from ${left},${top}, four times enlarged`);
  }
  const frame = byId("frame").style;
  frame.left = `${100 * left / window.width}%`;
  frame.top = `${100 * top / window.height}%`;
  frame.width = `${100 * width / window.width}%`;
  frame.height = `${100 * height / window.height}%`;
}
