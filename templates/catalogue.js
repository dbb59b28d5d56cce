"use strict";
// The catalogue: finds, groups and shows the cards that the page's data tells. No library, no request, no address but its own.
(() => {
  const SLICE = 50;
  const MEMORY = "handouts catalogue";
  const SCREEN_ONLY = new Set(["web"]);
  const SHAPES = {
    approved: "M2 8.5 6.2 13 14 3.5",
    draft: "M3 13 3.6 10 11 2.6 13.4 5 6 12.4Z",
    "draft-translation": "M8 2a6 6 0 1 0 .1 0M8 2v12M8 5h4.500M8 8h6M8 11h4.500",
    expired: "M8 2 15 14H1ZM8 6.500v3.500M8 11.500v.8",
  };
  const FILTERS = ["search", "language", "kind", "edition", "state", "site"];
  const at = (id) => document.getElementById(id);

  // ---- the data, and an index of it -------------------------------------------------------------------------------
  const data = JSON.parse(at("data").textContent);
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  const languages = data.languages.map(([code, name, autonym, direction]) => ({ code, name, autonym, direction }));
  const documents = data.documents.map(([id, number, kind, title], place) => ({ id, number, kind, title, place }));
  const cards = data.cards.map(([doc, language, site, title, version, published, review, state, picture, files, packs, parts]) => ({
    document: documents[doc], language: languages[language], site: data.sites[site] || null, title, version, published, review,
    state: review && review < today ? "expired" : state, picture, packs, parts,
    files: files.map(([edition, path, size, pages]) => ({ edition, path, size, pages })),
  }));
  const byTopic = cards.map((_, place) => place).sort((a, b) => cards[a].document.place - cards[b].document.place || a - b).map((place) => cards[place]);

  // Accents, vowel signs that are often left out, and letters that are typed in several ways count as the same.
  const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff'’ʼ]/g;
  const ALIKE = { "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه" };
  const ALIKES = new RegExp(`[${Object.keys(ALIKE).join("")}]`, "g");
  const fold = (text) => text.normalize("NFKD").replace(MARKS, "").toLowerCase().replace(ALIKES, (letter) => ALIKE[letter])
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => String((digit.charCodeAt(0) - (digit < "\u06f0" ? 0x660 : digit < "\u0966" ? 0x6f0 : 0x966))))
    .replace(/[^\p{L}\p{M}\p{N}-]+/gu, " ");
  const codes = new Set(languages.map((language) => fold(language.code)));
  const fromTheStart = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}-]+$/u; // other scripts join words, or set no spaces

  const words = (query) => fold(query).split(" ").map((word) => word.replace(/^-+|-+$/g, "")).filter(Boolean);
  const indexed = (card) => {
    if (card.text === undefined) {
      const { document: doc, language, site } = card;
      const told = fold([
        card.title, doc.title, doc.id, doc.number, language.name, language.autonym, language.code, data.kinds[doc.kind] || doc.kind,
        site ? site[1] : "", ...card.files.map((file) => data.editions[file.edition]), ...card.parts,
      ].join(" "));
      card.text = ` ${told} ${told.replace(/-/g, " ")} ${fold(doc.number).replace(/-/g, "")} `;
    }
    return card.text;
  };
  const matches = (text, word) => text.includes(codes.has(word) ? ` ${word} ` : fromTheStart.test(word) ? ` ${word}` : word);

  // ---- what is asked ----------------------------------------------------------------------------------------------
  const grouping = () => document.querySelector('input[name="group"]:checked').value;
  const remembered = () => {
    try { return JSON.parse(localStorage.getItem(MEMORY)) || {}; } catch { return {}; }
  };
  const remember = () => {
    try { localStorage.setItem(MEMORY, JSON.stringify({ language: at("language").value, group: grouping() })); } catch { /* a browser that keeps nothing */ }
  };
  const setTo = (asked) => {
    for (const name of FILTERS) {
      const field = at(name);
      field.value = asked[name] || "";
      if (field.value !== (asked[name] || "")) field.value = ""; // there is none such any more
    }
    for (const radio of document.querySelectorAll('input[name="group"]')) radio.checked = radio.value === (asked.group === "topic" ? "topic" : "language");
    if (["kind", "edition", "state", "site"].some((name) => at(name).value)) at("filters").open = true;
  };
  const addressed = () => location.hash.includes("=") ? Object.fromEntries(new URLSearchParams(location.hash.slice(1))) : null;
  const address = () => {
    const asked = new URLSearchParams(FILTERS.filter((name) => at(name).value).map((name) => [name, at(name).value]));
    if (grouping() !== "language") asked.set("group", grouping());
    try { history.replaceState(null, "", `#${asked}`); } catch { /* a browser that does not let files do so */ }
  };

  // ---- what is shown ----------------------------------------------------------------------------------------------
  const el = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value !== undefined && value !== null) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  };
  const href = (path) => path.split("/").map(encodeURIComponent).join("/");
  const own = (language) => ({ lang: language.code, dir: language.direction });
  const day = (text) => text ? new Date(`${text}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }) : "";
  const size = (bytes) => bytes === null ? "" : bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const shape = (state) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SHAPES[state] || SHAPES.draft);
    svg.append(path);
    return svg;
  };
  const english = (card) => card.document.title || card.title;
  const unseen = (text) => el("span", { class: "hidden" }, text);

  const edition = (card, file) => {
    const label = data.editions[file.edition];
    const which = unseen(` ${english(card)}, ${card.language.name}, ${label.toLowerCase()}`);
    const facts = [file.pages ? counted(file.pages, "page") : "", size(file.size)].filter(Boolean).join(", ");
    const act = (name, what) => {
      const button = el("button", { type: "button" }, name, which.cloneNode(true));
      button.addEventListener("click", () => what(file, button));
      return button;
    };
    return el("li", {},
      el("span", { class: "what" }, el("b", {}, label), facts ? el("span", { class: "soft" }, ` ${facts}`) : null),
      el("span", { class: "acts" },
        el("a", { class: "button", href: href(file.path) }, "Open", which),
        SCREEN_ONLY.has(file.edition) ? null : act("Print", print),
        act("Copy link", copy)));
  };
  const cover = (card) => {
    if (!card.picture) return el("span", { class: "cover" });
    const image = el("img", { class: "cover", alt: "", loading: "lazy", decoding: "async", src: href(card.picture) });
    image.addEventListener("error", () => image.replaceWith(el("span", { class: "cover" })), { once: true });
    return image;
  };
  const shown = (card, wanted, grouped) => {
    const { document: doc, language } = card;
    const same = language.autonym === language.name;
    const files = wanted.edition ? card.files.filter((file) => file.edition === wanted.edition) : card.files;
    const packs = card.packs.flatMap((place, index) => [
      index ? ", " : "", el("a", { href: href(cards[place].files[0].path) }, english(cards[place]), unseen(` (pack, ${language.name})`)),
    ]);
    return el("li", { class: "card" },
      cover(card),
      el("div", { class: "names" },
        el("h3", {}, el("a", { href: href(files[0].path), ...own(language) }, card.title)),
        doc.title && doc.title !== card.title ? el("p", { class: "english" }, doc.title) : null,
        el("p", { class: "facts soft" },
          grouped === "topic" ? el("span", { class: "language" }, `${language.name} `, same ? "" : el("bdi", own(language), language.autonym)) : null,
          el("span", {}, doc.number),
          el("span", {}, `version ${card.version}`),
          card.published ? el("span", {}, `of ${day(card.published)}`) : null,
          card.review ? el("span", {}, `review ${day(card.review)}`) : null),
        el("p", { class: "marks" },
          el("span", { class: `state ${card.state}` }, shape(card.state), data.states[card.state] || card.state),
          el("span", { class: "kind soft" }, data.kinds[doc.kind] || doc.kind),
          card.site ? el("span", { class: "kind soft" }, card.site[1]) : null)),
      el("ul", { class: "editions", role: "list" }, ...files.map((file) => edition(card, file))),
      card.parts.length ? el("details", {}, el("summary", {}, counted(card.parts.length, "part"), unseen(` of ${english(card)}, ${language.name}`)),
        el("ol", own(language), ...card.parts.map((part) => el("li", {}, part)))) : null,
      packs.length ? el("p", { class: "packs" }, el("span", { class: "soft" }, card.packs.length > 1 ? "In the packs " : "In the pack "), ...packs) : null);
  };

  let results = [];
  let built = 0;
  let groups = new Map();
  let last = null; // the group that is being filled
  let wanted = {};

  const group = (card) => wanted.group === "topic" ? card.document.id : card.language.code;
  const head = (card) => {
    const id = `group-${group(card)}`;
    const noun = wanted.group === "topic" && data.sites.length < 2 ? "language" : "document";
    const amount = el("span", { class: "soft" }, counted(groups.get(group(card)), noun));
    const title = wanted.group === "topic"
      ? el("h2", { id }, english(card), amount)
      : el("h2", { id }, card.language.name, " ", card.language.autonym === card.language.name ? "" : el("bdi", { ...own(card.language), class: "soft" }, card.language.autonym), amount);
    const list = el("ul", { class: "cards", role: "list" });
    at("found").append(el("section", { "aria-labelledby": id }, title, list));
    return { name: group(card), list };
  };
  const build = (number) => {
    const from = built;
    for (const card of results.slice(built, built + number)) {
      if (!last || last.name !== group(card)) last = head(card);
      last.list.append(shown(card, wanted, wanted.group));
    }
    built = Math.min(results.length, built + number);
    const left = results.length - built;
    at("more").hidden = !left;
    at("more").textContent = `Show ${Math.min(SLICE, left)} more`;
    const none = wanted.search ? "Nothing is found. Try fewer or shorter words, or another language." : "There is no such document here.";
    at("count").textContent = results.length ? counted(results.length, "document") + (left ? `, the first ${built} are shown` : "") : none;
    return from;
  };
  const find = () => {
    wanted = { group: grouping(), ...Object.fromEntries(FILTERS.map((name) => [name, at(name).value])) };
    const asked = words(wanted.search);
    results = (wanted.group === "topic" ? byTopic : cards).filter((card) =>
      (!wanted.language || card.language.code === wanted.language)
      && (!wanted.kind || card.document.kind === wanted.kind)
      && (!wanted.state || card.state === wanted.state)
      && (!wanted.site || (card.site && card.site[0] === wanted.site))
      && (!wanted.edition || card.files.some((file) => file.edition === wanted.edition))
      && asked.every((word) => matches(indexed(card), word)));
    groups = new Map();
    for (const card of results) groups.set(group(card), (groups.get(group(card)) || 0) + 1);
    at("clear").hidden = !FILTERS.some((name) => at(name).value);
    at("found").replaceChildren();
    built = 0;
    last = null;
    build(SLICE);
  };
  const changed = () => { remember(); address(); find(); };

  // ---- what is done with a document -------------------------------------------------------------------------------
  let fading = 0;
  const tell = (text) => {
    at("told").textContent = text;
    clearTimeout(fading);
    fading = setTimeout(() => { at("told").textContent = ""; }, 12000);
  };
  const key = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘ and P" : "Ctrl and P";
  const opened = (file) => {
    const tab = window.open(href(file.path), "_blank");
    if (tab) tab.opener = null;
    tell(tab ? `It is open in a new tab. Press ${key} there to print.` : `Your browser did not let it open. Press Open, and then ${key} to print.`);
  };
  function print(file) {
    // A browser lets a page print another only where both come from the same server, and where it shows PDFs itself.
    if (location.protocol === "file:" || navigator.pdfViewerEnabled === false) { opened(file); return; }
    document.querySelectorAll("iframe.press").forEach((old) => old.remove());
    const frame = el("iframe", { class: "press", title: "The document that is printed", "aria-hidden": "true", tabindex: "-1", src: href(file.path) });
    frame.addEventListener("load", () => {
      try { frame.contentWindow.focus(); frame.contentWindow.print(); } catch { opened(file); }
    }, { once: true });
    document.body.append(frame);
    tell("It is being made ready to print.");
  }
  async function copy(file) {
    const link = new URL(href(file.path), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      tell("The link is copied.");
    } catch {
      at("address").value = link;
      at("link").showModal();
      at("address").focus();
      at("address").select();
    }
  }

  // ---- hands ------------------------------------------------------------------------------------------------------
  const titles = () => [...document.querySelectorAll("#found h3 a")];
  const step = (from, forward) => {
    const all = titles();
    const card = from.closest && from.closest(".card");
    const here = card ? all.indexOf(card.querySelector("h3 a")) : -1;
    if (!forward && here <= 0) { at("search").focus(); return; }
    if (forward && here === all.length - 1 && built < results.length) { build(SLICE); all.push(...titles().slice(all.length)); }
    const next = all[forward ? here + 1 : here - 1];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || at("link").open) return;
    const { target } = event;
    const typing = target.matches && target.matches("input:not([type=radio]), select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      at("search").focus();
      at("search").select();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (target === at("search") ? event.key === "ArrowDown" : at("found").contains(target))) {
      event.preventDefault();
      step(target, event.key === "ArrowDown");
    } else if (event.key === "Escape" && target === at("search") && target.value) {
      event.preventDefault();
      target.value = "";
      changed();
    }
  });
  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = titles();
    if (first) first.focus();
  });
  at("ask").addEventListener("input", changed);
  at("clear").addEventListener("click", () => { setTo({ group: grouping() }); changed(); at("search").focus(); });
  at("more").addEventListener("click", () => { const all = titles().length; build(SLICE); titles()[all].focus(); });
  at("skip").addEventListener("click", (event) => { event.preventDefault(); at("found").focus(); at("found").scrollIntoView(); });
  window.addEventListener("hashchange", () => { const asked = addressed(); if (asked) { setTo(asked); remember(); find(); } });
  window.addEventListener("beforeprint", () => { if (built < results.length) build(results.length); });

  for (const badge of document.querySelectorAll(".legend .state")) badge.prepend(shape(badge.classList[1]));
  at("ask").hidden = false;
  setTo(addressed() || remembered());
  find();
  performance.mark("handouts-shown");
})();
