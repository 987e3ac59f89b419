"use strict";
(() => {
  const PAGE = 25;
  const HERE = "#browse";
  const SELECTS = ["a", "b", "suite", "model", "lost", "slice"];
  const { texts = [], questions = [], presets = [], start = [] } =
    JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const list = document.getElementById("items");
  const count = document.getElementById("count");
  const outcomes = document.getElementById("outcomes");
  const more = document.getElementById("more");
  if (!presets.length) {
    form.hidden = true;
    return;
  }
  const add = (parent, tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    parent.append(node);
    return node;
  };
  const told = (number) => (number === null ? "" : texts[number]);
  const spaced = (name) => name.replaceAll("_", " ");

  // What is asked, and what each preset answers, as src/memeval/reporting/items.py lays it out.
  const asked = questions.map(([suite, seed, session, id, slice, text, gold, events]) => ({
    suite: told(suite), seed, session: told(session), id: told(id), slice: told(slice),
    text: told(text), gold: gold.map(told),
    events: events.map(([event, content]) => ({ id: told(event), text: content === null ? null : told(content) })),
    key: [told(suite), seed, told(session), told(id)].join("/"),
  }));
  const rows = presets.map(({ preset, model, suite, answers }) => ({
    preset, model, suite,
    answers: new Map(answers.map(([question, said, right, lost, traces, left, read, prompt]) => [
      question, { said: told(said), right: right === 1, lost: told(lost), traces, left, read, prompt },
    ])),
  }));
  const names = (field) => [...new Set(rows.map((row) => row[field]))];
  const severalModels = names("model").length > 1;
  // What the address calls a pair: several models were asked the same question.
  const keyOf = ({ question, model }) => (severalModels ? `${question.key}/${model}` : question.key);
  const first = rows[start[0]] ?? rows[0];
  const initial = () => ({
    a: first.preset, b: rows[start[1]]?.preset ?? "", suite: first.suite, model: first.model,
    outcome: "", lost: "", slice: "", text: "", q: "",
  });
  let state = initial();

  const scope = () => rows.flatMap((row) => {
    const fits = (other) => (!state.suite || other.suite === state.suite) && (!state.model || other.model === state.model);
    if (row.preset !== state.a || !fits(row)) return [];
    const beside = rows.find((other) =>
      other.preset === state.b && other.suite === row.suite && other.model === row.model);
    return [...row.answers].flatMap(([number, a]) => {
      const b = beside?.answers.get(number);
      return state.b && !b ? [] : [{ question: asked[number], model: row.model, a, b }];
    });
  });
  const word = (answer) => (answer.right ? "right" : "wrong");
  const outcome = ({ a, b }) => (b ? `${word(a)}-${word(b)}` : word(a));
  const kinds = () => (state.b ? ["right-wrong", "wrong-right", "wrong-wrong", "right-right"] : ["right", "wrong"]);
  const named = (kind) => {
    const [a, b] = kind.split("-");
    return b ? `${state.a} ${a}, ${state.b} ${b}` : `${state.a} ${a}`;
  };
  const matches = ({ question, a, b }) => {
    const sought = state.text.toLowerCase();
    const said = [question.text, ...question.gold, a.said, b?.said ?? ""];
    return (!state.lost || a.lost === state.lost) && (!state.slice || question.slice === state.slice) &&
      (!sought || said.some((text) => text.toLowerCase().includes(sought)));
  };

  // The address holds the state: #browse alone is the state that the page begins with.
  const address = (wanted) => {
    const set = Object.entries(wanted).filter(([, value]) => value);
    return `${HERE}?${new URLSearchParams(set)}`;
  };
  const readAddress = () => {
    const [place, query] = location.hash.split(/\?(.*)/s);
    if (place !== HERE && location.hash) return null;
    const found = initial();
    if (query === undefined) return found;
    const given = new URLSearchParams(query);
    const known = {
      a: names("preset"), b: ["", ...names("preset")], suite: ["", ...names("suite")],
      model: ["", ...names("model")],
    };
    for (const name of Object.keys(found)) {
      const value = given.get(name) ?? "";
      if (!known[name] || known[name].includes(value)) found[name] = value;
    }
    return found;
  };
  const keep = (isTyping) => {
    const hash = address(state);
    if (hash === location.hash) return;
    if (isTyping) location.replace(hash);
    else location.hash = hash;
  };

  const fill = (name, values, all) => {
    const field = form.elements[name];
    field.replaceChildren();
    if (all) add(field, "option", all).value = "";
    for (const value of values) add(field, "option", name === "lost" ? spaced(value) : value).value = value;
    if (!values.includes(state[name])) state[name] = all ? "" : values[0];
    field.value = state[name];
  };
  const verdict = (answer) =>
    `${word(answer)}${answer.lost ? ` (${spaced(answer.lost)})` : ""}: `;
  const say = (parent, preset, answer) => {
    const line = add(parent, "div", undefined, word(answer));
    add(line, "b", `${preset} ${verdict(answer)}`);
    add(line, "bdi", answer.said || "(nothing)");
  };
  const showPrompt = (parent, prompt) => {
    if (!prompt) return;
    const [again, shared, ...own] = prompt;
    const box = add(parent, "details");
    add(box, "summary", again ? "Prompt, told again from its parts" : "Prompt as it was read");
    if (told(shared)) {
      const beginning = add(box, "details");
      add(beginning, "summary", "What all its prompts begin with");
      add(beginning, "pre", told(shared));
    }
    add(box, "pre", own.map(told).join("\n"));
  };
  const showSide = (parent, preset, answer) => {
    const side = add(parent, "section");
    add(side, "h4", preset);
    add(side, "h5", answer.traces.length ? `recalled, best first; ${answer.read} read` : "recalled nothing");
    const order = add(side, "ol");
    for (const trace of answer.traces) add(add(order, "li"), "bdi", told(trace));
    if (answer.left) add(side, "div", `and ${answer.left} more`);
    showPrompt(side, answer.prompt);
  };
  const showWhole = (box, pair) => {
    const { question, model, a, b } = pair;
    const where = add(box, "div", undefined, "where");
    add(where, "bdi", [question.suite, `seed ${question.seed}`, question.session, question.id, question.slice, model].join(" · "));
    where.append(" · ");
    add(where, "a", "address of this question").href = address({ ...state, q: keyOf(pair) });
    if (question.events.length) {
      add(box, "h5", "gold events");
      const events = add(box, "ul");
      for (const { id, text } of question.events) add(add(events, "li"), "bdi", text === null ? id : `${text} (${id})`);
    }
    const sides = add(box, "div", undefined, "sides");
    showSide(sides, state.a, a);
    if (b) showSide(sides, state.b, b);
  };
  const show = (pair) => {
    const { question, a, b } = pair;
    const box = add(list, "details", undefined, a.right ? "item right" : "item");
    const line = add(box, "summary");
    add(line, "strong", question.text);
    add(line, "span", `gold: ${question.gold.join(" | ") || "(to be walked)"}`, "gold");
    const sides = add(line, "div", undefined, "sides");
    say(sides, state.a, a);
    if (b) say(sides, state.b, b);
    box.addEventListener("toggle", () => {
      if (box.open && box.childElementCount === 1) showWhole(box, pair);
      if (box.open === (state.q === keyOf(pair))) return;
      state.q = box.open ? keyOf(pair) : "";
      keep(false);
    });
    return box;
  };

  let found = [];
  let shown = 0;
  let total = 0;
  const advance = () => {
    const boxes = found.slice(shown, shown + PAGE).map(show);
    shown += boxes.length;
    more.hidden = shown >= found.length;
    const parts = [
      ...(state.outcome ? [named(state.outcome)] : []), ...(state.lost ? [spaced(state.lost)] : []),
      ...(state.slice ? [state.slice] : []), ...(state.text ? [`with "${state.text}"`] : []),
    ];
    const which = parts.length ? `: ${parts.join("; ")}` : "";
    count.textContent = `${found.length} of ${total} questions${which}`;
    return boxes;
  };
  const showOutcomes = (candidates) => {
    outcomes.replaceChildren();
    for (const kind of kinds()) {
      const size = candidates.filter((pair) => outcome(pair) === kind).length;
      const button = add(outcomes, "button", `${named(kind)}: ${size}`);
      button.type = "button";
      button.setAttribute("aria-pressed", String(state.outcome === kind));
      button.addEventListener("click", () => {
        state.outcome = state.outcome === kind ? "" : kind;
        state.q = "";
        update(false);
      });
    }
  };
  const draw = () => {
    fill("a", names("preset"));
    fill("b", names("preset").filter((preset) => preset !== state.a), "none");
    fill("suite", names("suite"), "all");
    fill("model", names("model"), "all");
    form.elements.model.parentElement.hidden = !severalModels;
    const pairs = scope();
    total = pairs.length;
    fill("lost", [...new Set(pairs.map(({ a }) => a.lost))].filter(Boolean), "all");
    fill("slice", [...new Set(pairs.map(({ question }) => question.slice))], "all");
    form.elements.text.value = state.text;
    if (!kinds().includes(state.outcome)) state.outcome = "";
    const candidates = pairs.filter(matches);
    showOutcomes(candidates);
    found = candidates.filter((pair) => !state.outcome || outcome(pair) === state.outcome);
    shown = 0;
    list.replaceChildren();
    const place = found.findIndex((pair) => keyOf(pair) === state.q);
    if (place < 0) state.q = "";
    let boxes = [];
    do boxes = boxes.concat(advance()); while (shown <= place);
    if (place >= 0) boxes[place].open = true;
    return boxes[place];
  };
  const update = (isTyping) => {
    draw();
    keep(isTyping);
  };
  // An address that names what is not there gives way to that of what is shown.
  const drawAddress = () => {
    const opened = draw();
    if (location.hash.startsWith(`${HERE}?`)) keep(true);
    return opened;
  };
  const reset = add(form, "button", "Reset");
  reset.type = "button";
  reset.addEventListener("click", () => {
    state = initial();
    update(false);
  });
  form.addEventListener("input", (event) => {
    const before = state.a;
    for (const name of [...SELECTS, "text"]) state[name] = form.elements[name].value;
    if (state.a === state.b) state.b = before;
    state.q = "";
    update(event.target.name === "text");
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", advance);
  addEventListener("hashchange", () => {
    const wanted = readAddress();
    if (!wanted || location.hash === address(state)) return;
    state = wanted;
    drawAddress()?.scrollIntoView();
  });
  state = readAddress() ?? state;
  const opened = drawAddress();
  if (location.hash.startsWith(`${HERE}?`)) (opened ?? document.getElementById("browse")).scrollIntoView();
})();
