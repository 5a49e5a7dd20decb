/* Reading to acknowledge: opening a change, or coming to the end, ticks its box. Without this the boxes are ticked by hand. */
(() => {
  "use strict";

  const tick = (name) => {
    const box = document.getElementById(name);
    if (box) box.checked = true;
  };

  for (const change of document.querySelectorAll("[data-reads]")) {
    change.addEventListener("toggle", () => {
      if (change.open) tick(change.dataset.reads);
    });
  }

  const end = document.querySelector("[data-end]");
  if (end && "IntersectionObserver" in window) {
    const watch = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      tick(end.dataset.end);
      watch.disconnect();
    });
    watch.observe(end);
  }
})();
