"use strict";

// Tables with rows in any order.

/**
 * Shows rows in a table whose columns sort.
 *
 * A column is `{title, value(row), cell(row) → node or text, number, header}`: `value` sorts, numbers
 * are aligned on the right, and one column holds the rows' headers. Rows without a value come last.
 */
class SortedTable {
  constructor(table, { caption, columns, empty, pageSize = Infinity, onPage = () => {}, rowClass = () => "" }) {
    Object.assign(this, { table, columns, empty, pageSize, onPage, rowClass });
    this.rows = [];
    this.page = 0;
    this.order = null;
    this.headers = columns.map((column, index) => element("th", {
      scope: "col", class: `sortable${column.number ? " number" : ""}`,
    }, element("button", { type: "button", onclick: () => this.sortBy(index) }, column.title)));
    this.body = element("tbody");
    table.replaceChildren(
      element("caption", null, caption),
      element("thead", null, element("tr", null, ...this.headers)), this.body);
  }

  /** Takes other rows and goes back to the first page. */
  show(rows) {
    this.rows = rows;
    this.page = 0;
    this.draw();
  }

  /** Sorts by a column, the other way round at the second click. */
  sortBy(index) {
    const descending = this.order?.index === index && !this.order.descending;
    this.order = { index, descending };
    this.headers.forEach((header, position) => {
      if (position === index) header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    });
    this.page = 0;
    this.draw();
  }

  get pageCount() { return Math.max(1, Math.ceil(this.rows.length / this.pageSize)); }

  /** Goes forward or back by pages. */
  turn(pages) {
    this.page = Math.min(Math.max(this.page + pages, 0), this.pageCount - 1);
    this.draw();
  }

  draw() {
    const rows = this.sorted();
    const start = this.pageSize === Infinity ? 0 : this.page * this.pageSize;
    const shown = rows.slice(start, start + this.pageSize);
    this.body.replaceChildren(...shown.map((row) => this.line(row)));
    if (rows.length === 0) {
      this.body.append(element("tr", null, element("td", { colspan: this.columns.length, class: "empty" }, this.empty)));
    }
    this.onPage({ first: start + 1, last: start + shown.length, count: rows.length });
  }

  line(row) {
    return element("tr", { class: this.rowClass(row) || null }, ...this.columns.map((column) => {
      const attributes = { class: column.number ? "number" : null, scope: column.header ? "row" : null };
      const content = column.cell ? column.cell(row) : plain(column.value(row));
      return element(column.header ? "th" : "td", attributes, content);
    }));
  }

  sorted() {
    if (this.order === null) return this.rows;
    const { value } = this.columns[this.order.index];
    const sign = this.order.descending ? -1 : 1;
    const isMissing = (item) => item === null || item === undefined || item === "";
    return this.rows.map((row) => [value(row), row]).sort(([a], [b]) => {
      if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
      if (typeof a === "string") return sign * collator.compare(a, b);
      return a === b ? 0 : sign * (a < b ? -1 : 1);
    }).map(([, row]) => row);
  }
}

/** Sorts kodim2 before kodim10. */
const collator = new Intl.Collator("en", { numeric: true });

/** Shows rows that do not sort: `columns` are titles, `rows` lists of texts, the first a header. */
function plainTable(table, caption, columns, rows) {
  table.replaceChildren(
    element("caption", null, caption),
    element("thead", null, element("tr", null, ...columns.map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", null, ...rows.map((cells) => element("tr", null, ...cells.map((cell, index) =>
      element(index === 0 ? "th" : "td", { scope: index === 0 ? "row" : null }, cell))))));
}
