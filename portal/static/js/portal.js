/* What makes pages quicker to use. All of them work without it. */
(() => {
  "use strict";

  const usesShortcuts = document.body.hasAttribute("data-shortcuts");

  const isTyping = (event) =>
    event.target.matches("input, textarea, select, [contenteditable]") ||
    event.ctrlKey || event.metaKey || event.altKey;

  /* The answer on this page, if there is one: on a page of its own, or in the panel of a call. */
  const answer = () => document.querySelector("[data-scripts]");

  /* Its script in English or Spanish, switched without loading the page anew. */
  const show = (language) => {
    for (const part of answer().querySelectorAll("[data-spoken]")) part.hidden = part.dataset.spoken !== language;
    for (const choice of answer().querySelectorAll("[data-script]")) {
      if (choice.dataset.script === language) choice.setAttribute("aria-current", "true");
      else choice.removeAttribute("aria-current");
    }
    const address = new URL(location);
    address.searchParams.set("script", language);
    history.replaceState(history.state, "", address);
  };

  const copy = async (button) => {
    const label = button.querySelector("span");
    const before = label.textContent;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
    label.textContent = button.dataset.done;
    const status = document.querySelector("[data-copied]");
    if (status) status.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 2000);
  };

  const revealCopyButtons = () => {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  };
  revealCopyButtons();
  document.addEventListener("htmx:afterSwap", revealCopyButtons);

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-script]");
    if (choice) {
      event.preventDefault();
      show(choice.dataset.script);
    }
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    for (const menu of document.querySelectorAll(".menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  const shortcuts = {
    "/": () => {
      const field = document.querySelector("[data-search]");
      if (field) {
        field.focus();
        field.select();
      }
      return Boolean(field);
    },
    l: () => {
      const other = answer()?.querySelector("[data-script]:not([aria-current])");
      if (other) show(other.dataset.script);
      return Boolean(other);
    },
    c: () => press('[data-spoken]:not([hidden]) [data-copy^="short-"]:not([hidden])'),
    s: () => press('[data-spoken]:not([hidden]) [data-copy^="script-"]:not([hidden])'),
  };
  const press = (selector) => {
    const button = answer()?.querySelector(selector);
    if (button) copy(button);
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopImmediatePropagation();
      return;
    }
    const shortcut = shortcuts[event.key.toLowerCase()];
    if (usesShortcuts && shortcut && !isTyping(event) && shortcut()) event.preventDefault();
  });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  /* On a narrow screen the rail starts folded; where one is in the chapter is marked on a wide one. */
  const fold = document.querySelector("[data-fold]");
  if (fold) {
    const wide = window.matchMedia("(width >= 64em)");
    const follow = () => { fold.open = wide.matches; };
    follow();
    wide.addEventListener("change", follow);
    const links = new Map(
      [...fold.querySelectorAll('.rail-sections a[href^="#"]')].map((link) => [link.getAttribute("href").slice(1), link]),
    );
    const headings = [...document.querySelectorAll(".section-heading[id]")].filter((heading) => links.has(heading.id));
    const mark = () => {
      const last = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).pop();
      for (const link of links.values()) link.removeAttribute("data-seen");
      if (last) links.get(last.id).setAttribute("data-seen", "");
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }
})();
