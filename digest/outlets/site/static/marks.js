// Stars and read marks, kept in this browser: paper id to {star, read, title, page}.
"use strict";
const marks = (() => {
  const KEY = "arxiv-digest marks";
  const load = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
    } catch {
      return {};
    }
  };
  // Read anew each time: the same site may be open in other tabs.
  const get = (id) => {
    const kept = load();
    return (Object.hasOwn(kept, id) && kept[id]) || {};
  };
  const toggle = (paper, name) => {
    const kept = load();
    const id = paper.dataset.paper;
    const mark = { ...(Object.hasOwn(kept, id) ? kept[id] : {}) };
    if (mark[name]) delete mark[name];
    else mark[name] = new Date().toISOString();
    const link = paper.querySelector(".title a");
    mark.title = paper.querySelector(".title").textContent;
    mark.page = link ? link.getAttribute("href").replace(/^\.\.\//, "") : "day/" + location.pathname.split("/").pop() + "#" + id;
    if (mark.star || mark.read) kept[id] = mark;
    else delete kept[id];
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      alert("This browser keeps no marks: its storage is full or switched off.");
    }
    show(paper);
    document.dispatchEvent(new CustomEvent("marked"));
  };
  const show = (paper) => {
    const mark = get(paper.dataset.paper);
    for (const name of ["star", "read"])
      paper.querySelector("button." + name)?.setAttribute("aria-pressed", String(Boolean(mark[name])));
    paper.classList.toggle("is-read", Boolean(mark.read));
    document
      .querySelector(`[data-entry="${CSS.escape(paper.dataset.paper)}"]`)
      ?.classList.toggle("is-read", Boolean(mark.read));
  };
  const showAll = () => document.querySelectorAll("[data-paper]").forEach(show);

  for (const place of document.querySelectorAll(".marks"))
    for (const [name, text] of [["star", "Star"], ["read", "Read"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = name;
      button.textContent = text;
      place.append(button);
    }
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".marks button");
    if (button) toggle(button.closest("[data-paper]"), button.className);
  });
  addEventListener("storage", showAll);
  addEventListener("pageshow", showAll);
  showAll();

  // The page of starred papers. What is kept is only text, whoever wrote it.
  const list = document.querySelector("#starred ol");
  const fill = () => {
    const starred = Object.entries(load())
      .filter(([, mark]) => mark.star)
      .sort(([, one], [, other]) => String(other.star).localeCompare(String(one.star)));
    list.replaceChildren(
      ...starred.map(([id, mark]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.textContent = mark.title || id;
        link.dir = "auto";
        if (/^day\/\d{4}-\d\d-\d\d\.html#[\w./-]+$/.test(mark.page)) link.href = mark.page;
        const rest = document.createElement("small");
        rest.textContent = " " + id;
        item.append(link, rest);
        return item;
      }),
    );
    document.querySelector("#starred [role=status]").textContent =
      starred.length === 1 ? "1 paper" : starred.length + " papers";
  };
  if (list) {
    fill();
    addEventListener("storage", fill);
    const button = document.getElementById("export");
    button.hidden = false;
    button.addEventListener("click", () => {
      const papers = Object.entries(load()).map(([id, mark]) => ({
        id,
        title: mark.title,
        url: "https://arxiv.org/abs/" + id,
        starred: mark.star ?? null,
        read: mark.read ?? null,
      }));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(
        new Blob([JSON.stringify({ papers }, null, 2) + "\n"], { type: "application/json" }),
      );
      link.download = "arxiv-digest-marks.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }
  return { get, toggle };
})();
