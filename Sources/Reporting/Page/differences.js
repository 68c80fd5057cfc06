"use strict";

// The table of Bjøntegaard differences; every number in it was computed by rdbench.

let differencesTable = null;

/** Why there is no distance, in words that fit a cell; the sentences below the table say more. */
const reasonWords = {
  noOverlap: "no overlap", tooFewPoints: "too few points", nonMonotone: "not monotone", infinite: "not finite",
};

function reasonCell(reason) {
  return element("span", { class: "reason" }, reasonWords[reason] ?? reason ?? "–");
}

/** The lines of the chosen measure against the chosen anchor. */
function differences() {
  return measure().differences.find(({ anchor }) => anchor === state.anchor)?.lines ?? [];
}

function startDifferences() {
  const anchors = new Set(report.measures.flatMap((entry) => entry.differences.map(({ anchor }) => anchor)));
  const options = [...anchors].sort((a, b) => a - b).map((curve) => [curve, nameOf(curve)]);
  byId("differences").hidden = options.length === 0;
  byId("differences-link").hidden = options.length === 0;
  if (options.length === 0) return;
  const select = fillSelect(byId("anchor"), options, state.anchor);
  select.addEventListener("change", () => change({ anchor: Number(select.value) }));
}

/** The value of a distance, or why there is none. */
function distanceCell(distance, digits) {
  if (distance.mean === null) return reasonCell(distance.reason);
  return fixed(distance.mean, digits);
}

function intervalText(distance, digits) {
  const { lower, upper } = distance;
  return lower === null ? "–" : `${fixed(lower, digits)} to ${fixed(upper, digits)}`;
}

function drawDifferences() {
  const lines = differences();
  const { digits, unit } = measure();
  const range = forestRange(lines);
  const quality = unit ? `BD-quality (${unit})` : "BD-quality";
  differencesTable = new SortedTable(byId("differences-table"), {
    caption: `Against ${nameOf(state.anchor)}, ${measure().name}`,
    empty: measure().higherIsBetter
      ? "There is nothing to compare with this anchor in this metric."
      : "This metric falls with quality, so it has no BD-rate; choose another one.",
    columns: [
      {
        title: "Codec", header: true, value: (line) => nameOf(line.curve),
        cell: (line) => element("span", { class: "name" }, swatch(line.curve), nameOf(line.curve)),
      },
      {
        title: "BD-rate (%)", number: true, value: (line) => line.rate.mean,
        cell: (line) => {
          const { mean } = line.rate;
          return element("span", { class: mean === null ? null : mean < 0 ? "better" : "worse" },
            distanceCell(line.rate, 1));
        },
      },
      {
        title: "95 % interval", number: true, value: (line) => line.rate.lower,
        cell: (line) => intervalText(line.rate, 1),
      },
      { title: "Fewer | more bits", value: (line) => line.rate.mean, cell: (line) => forest(line, range) },
      {
        title: quality, number: true, value: (line) => line.quality.mean,
        cell: (line) => distanceCell(line.quality, digits),
      },
      {
        title: "95 % interval", number: true, value: (line) => line.quality.lower,
        cell: (line) => intervalText(line.quality, digits),
      },
      {
        title: "Mean curves (%)", number: true, value: (line) => line.rate.meanCurves,
        cell: (line) => line.rate.meanCurves === null
          ? reasonCell(line.rate.meanCurvesReason)
          : fixed(line.rate.meanCurves, 1),
      },
      {
        title: "Overlap", number: true, value: (line) => line.rate.overlap,
        cell: (line) => fixed(line.rate.overlap, 2),
      },
      { title: "Images", number: true, value: (line) => line.rate.imageCount },
      { title: "Dropped points", number: true, value: (line) => line.rate.droppedPoints },
    ],
  });
  differencesTable.show(lines);
  byId("sentences").replaceChildren(...lines.map(({ sentence }) => element("li", null, `${sentence}.`)));
}

/** What the little pictures span: every image's value, but no further than twice the widest interval. */
function forestRange(lines) {
  const ends = lines.flatMap(({ rate }) => [rate.lower, rate.upper, rate.mean, rate.meanCurves])
    .filter((value) => value !== null);
  const values = lines.flatMap(({ rate }) => rate.images).filter((value) => value !== null);
  const [low, high] = extent([0, ...ends, ...values]);
  const reach = 2 * Math.max(10, ...ends.map(Math.abs));
  return widened([Math.max(low, -reach), Math.min(high, reach)], null);
}

/** Each image as a faint dot, the interval as a bar, the mean as a mark, and a line at zero. */
function forest({ curve, rate, sentence }, [low, high]) {
  const x = (value) => ((Math.min(Math.max(value, low), high) - low) / (high - low) * 200 + 4).toFixed(1);
  const svg = drawn("svg", { class: "forest", viewBox: "0 0 208 26", role: "img", "aria-label": sentence });
  svg.append(drawn("line", { class: "zero", x1: x(0), x2: x(0), y1: 1, y2: 25 }));
  for (const value of rate.images) {
    if (value === null) continue;
    const dot = drawn("circle", { class: "dot", cx: x(value), cy: 13, r: 3 });
    dot.style.fill = colorOf(curve);
    svg.append(dot);
  }
  if (rate.lower !== null) {
    const bar = drawn("line", { class: "interval", x1: x(rate.lower), x2: x(rate.upper), y1: 13, y2: 13 });
    bar.style.stroke = colorOf(curve);
    svg.append(bar);
  }
  const mean = rate.mean ?? rate.meanCurves;
  if (mean !== null) {
    const mark = drawn("path", { d: `M${x(mean)} 6L${Number(x(mean)) + 5} 13L${x(mean)} 20L${Number(x(mean)) - 5} 13Z` });
    mark.style.fill = rate.mean === null ? "none" : colorOf(curve);
    mark.style.stroke = rate.mean === null ? colorOf(curve) : "var(--ground)";
    svg.append(mark);
  }
  return svg;
}
