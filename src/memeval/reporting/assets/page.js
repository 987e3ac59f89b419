"use strict";
(() => {
  const PAGE = 25;
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
    heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
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

  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const list = document.getElementById("items");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const add = (parent, tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    parent.append(node);
    return node;
  };
  for (const name of ["model", "preset", "suite", "slice", "lost"]) {
    const field = form.elements[name];
    add(field, "option", "all").value = "";
    for (const value of new Set(data.map((item) => item[name]))) {
      if (value) add(field, "option", value.replaceAll("_", " ")).value = value;
    }
  }
  const chosen = () => {
    const asked = new FormData(form);
    const text = asked.get("text").toLowerCase();
    return data.filter((item) =>
      ["model", "preset", "suite", "slice", "lost"].every(
        (name) => !asked.get(name) || item[name] === asked.get(name)) &&
      (!asked.get("verdict") || item.right === (asked.get("verdict") === "right")) &&
      (!text || [item.question, item.said, ...item.gold].some((t) => t.toLowerCase().includes(text))));
  };
  const show = (item) => {
    const box = add(list, "article", undefined, item.right ? "item right" : "item");
    add(box, "div", `${item.preset} · ${item.suite} · seed ${item.seed} · ${item.slice} · ${item.id} · ${item.model}`, "where");
    add(box, "strong", item.question);
    const parts = add(box, "dl");
    const entry = (name, value) => { add(parts, "dt", name); return add(parts, "dd", value); };
    entry("answered", item.said || "(nothing)");
    entry("gold", item.gold.join(" | ") || "(to be walked)");
    entry("verdict", item.right ? "right" : item.lost ? `wrong: ${item.lost.replaceAll("_", " ")}` : "wrong");
    const traces = entry("recalled", item.traces.length ? undefined : "(nothing)");
    if (item.traces.length) {
      const order = add(traces, "ol");
      item.traces.forEach((trace) => add(order, "li", trace));
      if (item.more) add(traces, "div", `and ${item.more} more`);
    }
  };
  let found = [];
  let shown = 0;
  const advance = () => {
    found.slice(shown, shown + PAGE).forEach(show);
    shown = Math.min(found.length, shown + PAGE);
    more.hidden = shown >= found.length;
    count.textContent = `${found.length} answers, ${found.filter((item) => item.right).length} right; ${shown} shown`;
  };
  const filter = () => { found = chosen(); shown = 0; list.replaceChildren(); advance(); };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", advance);
  filter();
})();
