// Filters of a day page, and keys that move from paper to paper.
"use strict";
(() => {
  const papers = [...document.querySelectorAll("main [data-paper]")];
  const form = document.getElementById("filter");

  const fits = (paper, { keyword, category, show }) => {
    const mark = marks.get(paper.dataset.paper);
    return (
      (!keyword || paper.dataset.keywords.split(" ").includes(keyword)) &&
      (!category || paper.dataset.categories.split(" ").includes(category)) &&
      (!show || (show === "starred" ? mark.star : !mark.read))
    );
  };
  const filter = () => {
    const wanted = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const paper of papers) {
      paper.hidden = !fits(paper, wanted);
      shown += !paper.hidden;
      document.querySelector(`[data-entry="${CSS.escape(paper.dataset.paper)}"]`).hidden = paper.hidden;
    }
    const all = !wanted.keyword && !wanted.category && !wanted.show;
    form.querySelector("[role=status]").textContent = all ? "" : `${shown} of ${papers.length}`;
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", filter);
    // What a browser kept of the form when the reader comes back.
    addEventListener("pageshow", filter);
    // A link from elsewhere leads to its paper, whatever was chosen here.
    addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target?.hidden) {
        form.reset();
        filter();
        target.scrollIntoView();
      }
    });
  }
  // On a narrow screen the contents would push the papers off it.
  const contents = document.querySelector("aside details");
  if (contents && matchMedia("(max-width: 62rem)").matches) contents.open = false;

  const current = () => document.activeElement?.closest?.("main [data-paper]");
  const move = (step) => {
    const shown = papers.filter((paper) => !paper.hidden && paper.offsetParent);
    const from = shown.indexOf(current());
    // Without a current paper, from the one at the top of the screen on.
    const below = shown.findIndex((paper) => paper.getBoundingClientRect().top > 1);
    const next = from >= 0 ? from + step : step > 0 ? below : (below < 0 ? shown.length : below) - 1;
    const paper = shown[Math.max(0, Math.min(shown.length - 1, next))];
    paper?.focus({ preventScroll: true });
    paper?.scrollIntoView({ block: "start", behavior: "instant" });
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    s: () => current() && marks.toggle(current(), "star"),
    r: () => current() && marks.toggle(current(), "read"),
    "/": () => document.getElementById("query").focus(),
  };
  document.querySelector(".keys").hidden = false;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
