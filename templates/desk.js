// The consultation desk with a script: search as you type, and the states of the chosen language at once. All else works without.
"use strict";
(() => {
  const words = {
    "approved": "approved", "draft": "draft: not signed", "draft-translation": "draft translation: not signed",
    "expired": "out of date", "untranslated": "not translated",
  };
  const form = document.querySelector("form");
  const language = document.getElementById("language");
  const choices = [...document.querySelectorAll("[data-states]")];

  const stated = () => {
    for (const choice of choices) {
      const states = new Map(choice.dataset.states.split(" ").map((each) => each.split(":")));
      const state = states.get(language.value || "en") || "draft";
      const badge = choice.querySelector("[data-state]");
      badge.className = "state " + state;
      badge.textContent = words[state];
      choice.classList.toggle("missing", state === "untranslated");
    }
  };
  language.addEventListener("change", stated);
  document.querySelector(".plain").hidden = true;
  stated();

  // A tick means "single sheets"; a pack means none: nobody need undo the other choice by hand.
  form.addEventListener("change", (event) => {
    const { name, checked, value } = event.target;
    if (name === "handout" && checked) form.querySelector('[name="pack"][value=""]').checked = true;
    if (name === "pack" && value) for (const box of form.querySelectorAll('[name="handout"]:checked')) box.checked = false;
  });

  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("en");
  const groups = [...document.querySelectorAll(".group")].map((group) => ({
    group, entries: [...group.querySelectorAll(".choice")].map((choice) => ({ choice, text: plain(choice.textContent + " " + choice.dataset.words) })),
  }));
  search.parentElement.hidden = false;
  search.addEventListener("input", () => {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { group, entries } of groups) {
      for (const { choice, text } of entries) {
        const shown = wanted.every((word) => text.includes(word)) || choice.querySelector("input").checked;
        choice.hidden = !shown;
        count += shown;
      }
      group.hidden = entries.every(({ choice }) => choice.hidden);
    }
    found.textContent = wanted.length ? (count === 1 ? "1 sheet" : count + " sheets") : "";
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });

  const summary = document.getElementById("summary");
  if (summary) summary.focus();
})();
