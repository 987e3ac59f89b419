"use strict";
(() => {
  const PAGE = 25;
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
