"use strict";

// Puts the page together.

function startTheme() {
  const select = byId("theme");
  select.addEventListener("change", () => {
    if (select.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = select.value;
  });
}

function startHeader() {
  const sets = report.datasets.map(({ name, imageCount }) => `${name} (${counted(imageCount, "image")})`);
  const codecs = report.curves.filter(({ remark }) => remark === "").length;
  const published = report.curves.length - codecs;
  const parts = [sets.join(", "), counted(codecs, "codec configuration"), counted(allRows.length, "measurement")];
  if (published > 0) parts.push(counted(published, "published curve"));
  byId("subtitle").textContent = parts.join(" · ");

  const measures = fillSelect(byId("measure"), report.measures.map(({ name }, index) => [index, name]), state.measure);
  measures.addEventListener("change", () => change({ measure: Number(measures.value) }));
  const images = fillSelect(byId("image"), [
    ["", "the mean of all images"],
    ...report.images.map(({ dataset, name }, index) =>
      [index, report.datasets.length > 1 ? `${dataset}/${name}` : name]),
  ]);
  images.addEventListener("change", () =>
    change({ image: images.value === "" ? null : Number(images.value) }));
}

/** A box for each curve that can be drawn: a lossless codec has none. */
function startLegend() {
  const legend = byId("legend");
  const curves = report.curves.map((_, curve) => curve).filter((curve) => !report.curves[curve].lossless);
  const boxes = curves.map((curve) => {
    const box = element("input", { type: "checkbox", value: curve, checked: true });
    box.addEventListener("change", () => {
      const hidden = new Set(state.hidden);
      if (box.checked) hidden.delete(curve);
      else hidden.add(curve);
      change({ hidden });
    });
    const line = drawn("path", { d: "M2 9H36", "stroke-width": "2.2", "stroke-dasharray": isPublished(curve) ? "6 4" : null });
    line.style.stroke = colorOf(curve);
    const sample = drawn("svg", { viewBox: "0 0 38 18", "aria-hidden": "true" }, line, marker(curve, 19, 9));
    legend.append(element("label", null, box, sample, element("span", null, nameOf(curve))));
    return box;
  });
  const all = (checked) => () => {
    for (const box of boxes) box.checked = checked;
    change({ hidden: new Set(checked ? [] : curves) });
  };
  legend.append(element("div", { class: "buttons" },
    element("button", { type: "button", onclick: all(true) }, "All"),
    element("button", { type: "button", onclick: all(false) }, "None")));
}

function drawNotes() {
  byId("notes").replaceChildren(...measure().notes.map((note) => element("li", null, `${note}.`)));
}

/** The drawn points for those who want numbers, or cannot see the chart. */
function drawPoints() {
  const { digits, axisLabel, imageAxisLabel } = measure();
  const score = state.image === null ? axisLabel : imageAxisLabel;
  const rows = chart.curves.flatMap(({ curve, points }) => points.map((point) => [
    nameOf(curve), plain(point.quality), fixed(point.rate, 4), fixed(point.score, digits),
    point.images > 0 ? plain(point.images) : "–",
  ]));
  plainTable(byId("points-table"), "Points of the curves that are shown",
    ["Codec", "Quality", "Rate (bits per pixel)", score, "Images"], rows);
}

function startProvenance() {
  const codecs = report.curves.filter(({ remark }) => remark === "");
  plainTable(byId("codecs-table"), "Codecs",
    ["Codec", "Library", "Parameters", "Threads", "Qualities", "Bits per pixel", "Measurements"],
    codecs.map((codec) => [
      codec.label, codec.version, element("code", null, codec.parameters || "none"), plain(codec.threads),
      codec.qualities.length === 0 ? "none" : codec.qualities.map(plain).join(", "),
      codec.rates.length === 0 ? "–" : `${fixed(codec.rates[0], 3)} to ${fixed(codec.rates[1], 3)}${codec.lossless ? ", lossless" : ""}`,
      codec.failures === 0 ? plain(codec.measurements) : `${codec.measurements}, ${codec.failures} failed`,
    ]));
  byId("runs").replaceChildren(...report.runs.map(({ title, fields }) => element("section", null,
    element("h3", null, title),
    element("dl", null, ...fields.flatMap(([name, value]) => [
      element("dt", null, name), element("dd", null, element("code", null, value)),
    ])))));
}

startTheme();
state.measure = report.firstMeasure;
state.anchor = report.firstAnchor;
startHeader();
startLegend();
startChart();
startDifferences();
startMeasurements();
startViewer();
startProvenance();

whenChanged((names) => {
  const changed = (...which) => names.some((name) => which.includes(name));
  if (changed("measure", "image", "logRate")) resetChart();
  if (changed("hidden")) takeCurves();
  if (changed("measure", "image", "hidden", "logRate")) drawPoints();
  if (changed("measure")) { drawNotes(); drawMeasurements(); }
  if (changed("measure", "anchor")) drawDifferences();
});
change({ measure: state.measure });
