/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

const lanes = ["TODO", "DOING", "DONE"];
const cards = new Map();
const known = new Set();
const at = id => document.getElementById(id);
const list = lane => document.querySelector(`section[data-lane="${lane}"] ul`);
const hue = node => String((node - 1) % 4);
let editing;
let wasIn = false;
let wasCutOff = false;
let quieting;

function tell(text) {
  const told = at("told");
  told.textContent = text;
  told.hidden = false;
  clearTimeout(quieting);
  quieting = setTimeout(() => { told.hidden = true; }, 5000);
}

async function ask(method, path, version, draft) {
  try {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", ...(version && { "If-Match": version }) },
      body: draft && JSON.stringify(draft),
    });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      tell(problem.detail ?? `That did not work (${answer.status}).`);
    }
    return answer.ok;
  } catch {
    tell("This instance does not answer.");
    return false;
  }
}

const change = (seen, draft) => ask("PUT", `cards/${seen.id}`, seen.version, { ...seen.card, ...draft });

// cards

function shown(id) {
  const element = at("card").content.firstElementChild.cloneNode(true);
  const seen = () => cards.get(id).seen;
  const move = by => change(seen(), { lane: lanes[lanes.indexOf(seen().card.lane) + by] });
  element.dataset.id = id;
  element.querySelector(".back").onclick = () => move(-1);
  element.querySelector(".on").onclick = () => move(1);
  element.querySelector(".edit").onclick = () => edit(element, seen());
  element.querySelector(".text").ondblclick = () => edit(element, seen());
  element.querySelector(".remove").onclick = () => ask("DELETE", `cards/${id}`, seen().version);
  element.ondragstart = event => {
    event.dataTransfer.setData("text/plain", id);
    element.classList.add("dragged");
  };
  element.ondragend = () => element.classList.remove("dragged");
  return element;
}

/** The version is the one that was read, so what somebody else writes meanwhile is not written over. */
function edit(element, seen) {
  editing?.();
  const text = element.querySelector(".text");
  const area = document.createElement("textarea");
  area.value = seen.card.text;
  area.maxLength = 200;
  area.setAttribute("aria-label", "Text of the card");
  let open = true;
  const end = isKept => {
    if (!open) {
      return;
    }
    open = false;
    editing = undefined;
    element.draggable = true;
    area.replaceWith(text);
    const changed = area.value.trim();
    if (isKept && changed && changed !== seen.card.text) {
      change(seen, { text: changed });
    }
  };
  area.onkeydown = event => {
    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
      event.preventDefault();
      end(event.key === "Enter");
      element.querySelector(".edit").focus();
    }
  };
  area.onblur = () => end(true);
  editing = () => end(true);
  element.draggable = false;
  text.replaceWith(area);
  element.texts = text;
  area.focus();
}

function put(seen) {
  const held = cards.get(seen.id) ?? { element: shown(seen.id) };
  const { element } = held;
  const isNew = held.seen?.version !== seen.version;
  held.seen = seen;
  cards.set(seen.id, held);
  const hadFocus = element.contains(document.activeElement) && !element.querySelector("textarea") && document.activeElement;
  (element.querySelector(".text") ?? element.texts).textContent = seen.card.text;
  element.dataset.text = seen.card.text;
  element.querySelector(".by").textContent = `by instance ${seen.card.by}`;
  element.dataset.hue = hue(seen.card.by);
  const home = list(seen.card.lane);
  if (element.parentNode !== home) {
    const after = [...home.children].find(other => other.dataset.id > seen.id) ?? null;
    home.insertBefore(element, after);
    hadFocus && hadFocus.focus();
  }
  if (isNew) {
    element.classList.remove("fresh");
    void element.offsetWidth;
    element.classList.add("fresh");
  }
}

function count() {
  for (const lane of lanes) {
    document.querySelector(`section[data-lane="${lane}"] .count`).textContent = list(lane).children.length;
  }
}

function take(seen) {
  if (seen.card) {
    put(seen);
  } else {
    cards.get(seen.id)?.element.remove();
    cards.delete(seen.id);
  }
  count();
}

// instances

function banner(kind, text) {
  const element = at("banner");
  element.hidden = !text;
  element.dataset.kind = kind;
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

const named = nodes => (nodes.length === 1 ? `instance ${nodes[0]}` : `instances ${nodes.join(" and ")}`);

function describe(instance) {
  const others = instance.members.filter(node => node !== instance.node);
  const away = [...known].filter(node => !instance.members.includes(node)).sort((one, other) => one - other);
  switch (instance.phase) {
    case "IN_STATE":
      return away.length === 0 ? ["", ""] : ["info", `${named(away)[0].toUpperCase()}${named(away).slice(1)} ${
        away.length === 1 ? "is" : "are"} away. The board goes on with ${instance.members.length} of ${instance.nodes}.`];
    case "NOT_PRIMARY":
      return ["bad", `Cut off: this instance is ${others.length === 0 ? "alone" : `with ${named(others)} only`}, too few of ${
        instance.nodes} to decide. The board is as it was last seen here; it can be changed again when a majority is back.`];
    case "STOPPED":
      return ["bad", "This instance has stopped."];
    default:
      return ["wait", "Back with the others: the board is on its way here."];
  }
}

function be(instance) {
  instance.members.forEach(node => known.add(node));
  at("here").textContent = `as instance ${instance.node} has it`;
  document.title = `Board, instance ${instance.node}`;
  const nodes = [...known].sort((one, other) => one - other);
  at("nodes").replaceChildren(...nodes.map(node => {
    const item = document.createElement("li");
    const number = document.createElement("b");
    const isAway = !instance.members.includes(node);
    const leads = instance.leader === node;
    number.textContent = node;
    item.dataset.hue = hue(node);
    item.toggleAttribute("data-away", isAway);
    item.toggleAttribute("data-leads", leads);
    item.append(number, [node === instance.node && "here", leads && "leads", isAway && "away"].filter(Boolean).join(", ") || "with us");
    return item;
  }));
  const writable = instance.phase === "IN_STATE";
  document.body.dataset.writable = writable;
  banner(...describe(instance));
  if (writable && wasCutOff) {
    tell("Together again: what the others did meanwhile is here.");
  }
  wasIn ||= writable;
  wasCutOff = !writable && (wasCutOff || (wasIn && instance.phase === "NOT_PRIMARY"));
}

// events

const events = new EventSource("events");

events.onopen = () => {
  cards.clear();
  lanes.forEach(lane => list(lane).replaceChildren());
  count();
};

events.onerror = () => {
  document.body.dataset.writable = false;
  at("nodes").replaceChildren(); // who is there now is not known here
  banner("bad", "This instance does not answer. This page goes on as soon as it does; the other instances have the same board.");
};

events.addEventListener("card", event => take(JSON.parse(event.data)));
events.addEventListener("instance", event => be(JSON.parse(event.data)));

at("new").onsubmit = async event => {
  event.preventDefault();
  const input = at("text");
  if (await ask("POST", "cards", undefined, { text: input.value, lane: "TODO" })) {
    input.value = "";
  }
};

for (const section of document.querySelectorAll("section[data-lane]")) {
  section.ondragover = event => {
    event.preventDefault();
    section.classList.add("over");
  };
  section.ondragleave = () => section.classList.remove("over");
  section.ondrop = event => {
    event.preventDefault();
    section.classList.remove("over");
    const seen = cards.get(event.dataTransfer.getData("text/plain"))?.seen;
    if (seen && seen.card.lane !== section.dataset.lane) {
      change(seen, { lane: section.dataset.lane });
    }
  };
}
