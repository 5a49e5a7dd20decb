/* What makes pages quicker to use. All of them work without it. */
(() => {
  "use strict";

  const usesShortcuts = document.body.hasAttribute("data-shortcuts");

  const isTyping = (event) =>
    event.target.matches("input, textarea, select, [contenteditable]") ||
    event.ctrlKey || event.metaKey || event.altKey;

  /* The script of an answer in English or Spanish, switched without loading the page anew. */
  const answer = document.querySelector("[data-scripts]");
  const show = (language) => {
    for (const part of answer.querySelectorAll("[data-spoken]")) part.hidden = part.dataset.spoken !== language;
    for (const choice of answer.querySelectorAll("[data-script]")) {
      if (choice.dataset.script === language) choice.setAttribute("aria-current", "true");
      else choice.removeAttribute("aria-current");
    }
    history.replaceState(null, "", `?script=${language}${location.hash}`);
  };
  if (answer) {
    for (const choice of answer.querySelectorAll("[data-script]")) {
      choice.addEventListener("click", (event) => {
        event.preventDefault();
        show(choice.dataset.script);
      });
    }
    for (const button of answer.querySelectorAll("[data-copy]")) {
      const label = button.querySelector("span");
      const copy = label.textContent;
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
        label.textContent = button.dataset.done;
        setTimeout(() => { label.textContent = copy; }, 2000);
      });
    }
  }

  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (!usesShortcuts || isTyping(event)) return;
    if (event.key === "/") {
      const field = document.querySelector("[data-search]");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    }
    if (event.key.toLowerCase() === "l" && answer) {
      const other = answer.querySelector("[data-script]:not([aria-current])");
      if (other) show(other.dataset.script);
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
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
