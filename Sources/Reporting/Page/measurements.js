"use strict";

// The rows of results.csv, and those of them that failed.

let rowsTable = null;

/** Row numbers in the order of the file. */
const allRows = report.rows.curve.map((_, row) => row);

function imageName(row) {
  const { dataset, name } = report.images[report.rows.image[row]];
  return report.datasets.length > 1 ? `${dataset}/${name}` : name;
}

function columnsOfRows() {
  const { rows } = report;
  const scores = scoreColumns[state.measure];
  const { digits, unit, name } = measure();
  return [
    { title: "Image", header: true, value: imageName },
    {
      title: "Codec", value: (row) => nameOf(rows.curve[row]),
      cell: (row) => element("span", { class: "name" }, swatch(rows.curve[row]), nameOf(rows.curve[row])),
    },
    { title: "Quality", number: true, value: (row) => rows.quality[row] },
    {
      title: "Bits per pixel", number: true, value: (row) => rows.bitsPerPixel[row],
      cell: (row) => fixed(rows.bitsPerPixel[row], 4),
    },
    {
      title: unit ? `${name} (${unit})` : name, number: true, value: (row) => scores[row],
      cell: (row) => fixed(scores[row], digits),
    },
    {
      title: "Encode (ms)", number: true, value: (row) => rows.encodeSeconds[row],
      cell: (row) => milliseconds(rows.encodeSeconds[row]),
    },
    {
      title: "Decode (ms)", number: true, value: (row) => rows.decodeSeconds[row],
      cell: (row) => milliseconds(rows.decodeSeconds[row]),
    },
    { title: "Status", value: (row) => rows.status[row] },
  ];
}

function milliseconds(seconds) { return seconds === null ? "–" : threeDigits(1000 * seconds); }

/** Makes the table for the chosen measure; the order stays. */
function drawMeasurements() {
  const order = rowsTable?.order ?? null;
  rowsTable = new SortedTable(byId("rows-table"), {
    caption: "One line for each image, codec and quality",
    empty: "No measurement matches the filter.",
    columns: columnsOfRows(),
    pageSize: 50,
    rowClass: (row) => report.rows.status[row] === "ok" ? "" : "failed",
    onPage: ({ first, last, count }) => {
      const of = count === allRows.length ? "" : ` of ${allRows.length.toLocaleString("en")}`;
      byId("row-count").textContent = `${count.toLocaleString("en")}${of} measurements`;
      byId("page-name").textContent = count === 0 ? "" : `${first}–${last} of ${count}`;
      byId("page-back").disabled = first <= 1;
      byId("page-forward").disabled = last >= count;
    },
  });
  filterRows();
  if (order !== null) {
    rowsTable.sortBy(order.index);
    if (order.descending) rowsTable.sortBy(order.index);
  }
}

/** Shows the rows that have every word of the filter, and the chosen codec and status. */
function filterRows() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const codec = byId("filter-codec").value;
  const status = byId("filter-status").value;
  const { rows } = report;
  rowsTable.show(allRows.filter((row) => {
    if (codec !== "" && rows.curve[row] !== Number(codec)) return false;
    if (status !== "" && rows.status[row] !== status) return false;
    const text = `${imageName(row)} ${nameOf(rows.curve[row])} ${rows.message[row] ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }));
}

function startMeasurements() {
  const { rows } = report;
  const codecs = [...new Set(rows.curve)].sort((a, b) => a - b);
  fillSelect(byId("filter-codec"), [["", "all"], ...codecs.map((curve) => [curve, nameOf(curve)])]);
  fillSelect(byId("filter-status"), [["", "all"], ...[...new Set(rows.status)].sort().map((status) => [status, status])]);
  byId("filter").addEventListener("input", filterRows);
  byId("filter-codec").addEventListener("change", filterRows);
  byId("filter-status").addEventListener("change", filterRows);
  byId("page-back").addEventListener("click", () => rowsTable.turn(-1));
  byId("page-forward").addEventListener("click", () => rowsTable.turn(1));

  const failures = allRows.filter((row) => rows.status[row] !== "ok");
  byId("failures-scroll").hidden = failures.length === 0;
  if (failures.length === 0) {
    byId("failures-none").textContent = `None: all ${counted(allRows.length, "measurement")} succeeded.`;
    return;
  }
  new SortedTable(byId("failures-table"), {
    caption: `${failures.length} of ${counted(allRows.length, "measurement")}`,
    columns: [
      { title: "Image", header: true, value: imageName },
      { title: "Codec", value: (row) => nameOf(rows.curve[row]) },
      { title: "Quality", number: true, value: (row) => rows.quality[row] },
      { title: "Status", value: (row) => rows.status[row] },
      { title: "Message", value: (row) => rows.message[row] },
    ],
  }).show(failures);
}
