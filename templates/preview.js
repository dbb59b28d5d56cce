// The preview without reloading: what changed is asked for, and only those parts are put in its place.
"use strict";

const body = document.body;
const byId = (id) => document.getElementById(id);
const frames = () => ["sheet", "english"].map(byId).filter(Boolean);
const kept = {
  get(name) { try { return sessionStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { sessionStorage.setItem(name, value); } catch { /* private windows may forbid it */ } },
};
const shownParts = {};

for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
for (const element of document.querySelectorAll("[data-plain]")) element.hidden = true;

function told(words) {
  const place = byId("told");
  if (place && place.textContent !== words) place.textContent = words;
}

// --- parts that changed

function put(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part || shownParts[name] === html) return;
  shownParts[name] = html;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const closed = new Map([...part.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
  part.innerHTML = html;
  for (const each of part.querySelectorAll("details[id]")) if (closed.has(each.id)) each.open = closed.get(each.id);
  if (focused) byId(focused)?.focus({ preventScroll: true });
}

function putSheet(frame, now) {
  const page = frame.contentDocument;
  if (!page?.body || page.readyState === "loading" || page.location.href === "about:blank") return; // it is still on its way
  const root = page.documentElement;
  if (now.body) {
    root.lang = now.language;
    root.dir = now.direction;
    root.className = now.layout;
    restyle(page, now.style);
    const made = page.createElement("div");
    made.innerHTML = now.body;
    const fresh = [...made.childNodes];
    const stale = [...page.body.childNodes];
    const top = { x: frame.contentWindow.scrollX, y: frame.contentWindow.scrollY };
    fresh.forEach((node, index) => {
      if (!stale[index]) page.body.append(node);
      else if (!stale[index].isEqualNode(node)) stale[index].replaceWith(node);
    });
    stale.slice(fresh.length).forEach((node) => node.remove());
    frame.contentWindow.scrollTo(top.x, top.y);
  }
}

function restyle(page, address) {
  const old = page.getElementById("style");
  if (!address || (old && old.getAttribute("href") === address)) return;
  const link = page.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  if (!old) page.head.prepend(link);
  else {
    link.addEventListener("load", () => old.remove());
    old.after(link);
    old.removeAttribute("id");
  }
  link.id = "style";
}

let asking = false;
let again = false;

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(body.dataset.now, { cache: "no-store" });
    if (answer.status === 404) { location.assign("/"); return; }
    if (!answer.ok) { told(await answer.text()); return; }
    const now = await answer.json();
    for (const [name, html] of Object.entries(now.parts)) put(name, html);
    for (const frame of frames()) if (now.sheets?.[frame.id]) putSheet(frame, now.sheets[frame.id]);
    byId("frames")?.classList.toggle("stale", Boolean(now.stale));
    told(now.said);
    body.dataset.fresh = String(Number(body.dataset.fresh || 0) + 1);
  } catch {
    // the stream says when the preview is there again
  } finally {
    asking = false;
    if (again) { again = false; refresh(); }
  }
}

const stream = new EventSource("/events");
stream.addEventListener("message", () => { byId("gone").hidden = true; refresh(); });
stream.addEventListener("error", () => { byId("gone").hidden = false; });
addEventListener("pagehide", () => stream.close());

// --- texts: from one to the other, and both columns at the same one

const textsOf = (frame) => [...(frame.contentDocument?.querySelectorAll("[data-text]") ?? [])];

// Texts that stand on a page once, by number: the others do not tell where one is.
function once(frame) {
  const found = new Map();
  for (const each of textsOf(frame)) found.set(each.dataset.text, found.has(each.dataset.text) ? null : each);
  return new Map([...found].filter(([, each]) => each));
}

// Those that are in view or below, the highest first: the footer comes first in the file and stands last on the page.
function inView(frame) {
  const there = [...once(frame).values()].map((each) => [each.getBoundingClientRect(), each]);
  return there.filter(([box]) => box.bottom > 0).sort(([one], [other]) => one.top - other.top).map(([, each]) => each);
}

let led = null;
let ledUntil = 0;

function follow(frame) {
  if (led && led !== frame && performance.now() < ledUntil) return;
  led = frame;
  ledUntil = performance.now() + 150;
  const texts = inView(frame);
  for (const other of frames()) {
    if (other === frame || !other.offsetParent) continue;
    const there = once(other);
    const first = texts.find((each) => there.has(each.dataset.text));
    const same = first && there.get(first.dataset.text);
    if (same) other.contentWindow.scrollBy(0, same.getBoundingClientRect().top - first.getBoundingClientRect().top);
  }
}

function aim(number) {
  for (const frame of frames()) {
    const page = frame.contentDocument;
    page?.querySelectorAll(".aimed").forEach((each) => each.classList.remove("aimed"));
    const text = page?.querySelector(`[data-text="${number}"]`);
    if (!text) continue;
    text.classList.add("aimed");
    led = frame;
    ledUntil = performance.now() + 300;
    text.scrollIntoView({ block: "center", behavior: "instant" });
  }
}

let aimed = -1;

function step(way) {
  const page = byId("sheet")?.contentDocument;
  const marked = [...(page?.querySelectorAll(".preview-text.troubled, .preview-text.missing, .preview-text.stale") ?? [])];
  if (!marked.length) { told("No text of this page has a problem."); return; }
  aimed = (aimed + way + marked.length) % marked.length;
  aim(marked[aimed].dataset.text);
  told(`${marked[aimed].title}: ${marked[aimed].textContent}`);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-goto]");
  if (!link) return;
  event.preventDefault();
  aim(link.dataset.goto);
});

function ready(frame) {
  const page = frame.contentDocument;
  if (!page || page.location.href === "about:blank" || frame.dataset.ready === page.location.href) return;
  frame.dataset.ready = page.location.href;
  frame.contentWindow.addEventListener("scroll", () => follow(frame), { passive: true });
  page.addEventListener("keydown", pressed);
  const number = kept.get(`at ${body.dataset.wish}`);
  if (frame.id === "sheet" && number) {
    page.querySelector(`[data-text="${number}"]`)?.scrollIntoView({ block: "start", behavior: "instant" });
  }
  const sheet = byId("sheet");
  if (frame !== sheet && sheet?.dataset.ready) follow(sheet);  // it was scrolled before this one was there
}

for (const frame of frames()) {
  frame.addEventListener("load", () => { delete frame.dataset.ready; ready(frame); refresh(); });
  if (frame.contentDocument?.readyState === "complete") ready(frame);
}

addEventListener("pagehide", () => {
  const sheet = byId("sheet");
  const first = sheet && sheet.contentWindow.scrollY > 20 && inView(sheet)[0];
  if (sheet) kept.set(`at ${body.dataset.wish}`, first ? first.dataset.text : "");
});

// --- choices

const named = location.hash ? byId(decodeURIComponent(location.hash.slice(1))) : null;
if (named?.matches("details")) { named.open = true; named.scrollIntoView({ block: "start" }); }

byId("choice")?.addEventListener("change", (event) => { if (event.target.name) event.currentTarget.requestSubmit(); });

const beside = byId("beside");
function besideShown() {
  byId("english-box").hidden = !beside.checked;
  byId("frames").classList.toggle("two", beside.checked);
  kept.set("beside", beside.checked ? "yes" : "no");
}
if (beside) {
  if ((kept.get("beside") ?? (matchMedia("(max-width: 44rem)").matches ? "no" : "yes")) === "no") { beside.checked = false; besideShown(); }
  beside.addEventListener("change", besideShown);
}

const keysOn = byId("keys-on");
if (keysOn) {
  keysOn.checked = kept.get("keys") !== "no";
  keysOn.addEventListener("change", () => kept.set("keys", keysOn.checked ? "yes" : "no"));
}

const keys = {
  "[": () => byId("language-before")?.click(),
  "]": () => byId("language-after")?.click(),
  k: () => byId("sheet-before")?.click(),
  j: () => byId("sheet-after")?.click(),
  n: () => step(1),
  p: () => step(-1),
  a: () => location.assign("/"),
  b: () => beside?.click(),
  e: () => {
    const choice = byId("edition");
    choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length;
    byId("choice").requestSubmit();
  },
};

function pressed(event) {
  if (!keysOn?.checked || event.ctrlKey || event.metaKey || (event.altKey && !event.getModifierState?.("AltGraph"))) return;
  const where = event.target;
  if (where.matches?.("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
}
document.addEventListener("keydown", pressed);
