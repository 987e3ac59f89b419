"use strict";
(() => {
  const figure = (text) => {
    const found = text.replace(/,/g, "").match(/^[<+\s]*(-?\d+(\.\d+)?(e[-+]?\d+)?)/);
    return found ? Number(found[1]) : null;
  };
  const before = (a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x !== null && y !== null) return x - y;
    return a.localeCompare(b);
  };
  for (const table of document.querySelectorAll("table.figures")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head) => head.setAttribute("aria-sort", "none"));
    heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      const body = table.tBodies[0];
      const text = (row) => row.cells[column].textContent;
      const empty = (row) => text(row) === "-";
      // what was not measured stands last, whichever way one sorts
      const rows = [...body.rows].sort((a, b) =>
        empty(a) - empty(b) || (down ? 1 : -1) * before(text(a), text(b)));
      body.append(...rows);
    }));
  }
})();
