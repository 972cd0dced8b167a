// What is counted of the marks on the start page, and the page of starred papers.
"use strict";
(() => {
  const root = document.documentElement.dataset.root;

  // ----- The start page: what is new since the last visit, and what is not read yet
  const cells = [...document.querySelectorAll(".calendar a[data-day]")];
  const number = (cell) => Number(cell.dataset.papers);
  const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
  const since = document.getElementById("since");
  if (since) {
    const days = [...cells].sort((one, other) => (one.dataset.day < other.dataset.day ? -1 : 1));
    let before = null;
    try {
      // A visit lasts as long as its tab.
      before = sessionStorage.getItem("visit") ?? localStorage.getItem("visit") ?? "";
      sessionStorage.setItem("visit", before);
      localStorage.setItem("visit", days.at(-1)?.dataset.day ?? "");
    } catch {
      // a browser that keeps nothing
    }
    const fresh = days.filter((cell) => cell.dataset.day > (before || "9"));
    const papers = fresh.reduce((sum, cell) => sum + number(cell), 0);
    if (!before) since.textContent = "Your next visit will show here what is new.";
    else if (!fresh.length) since.textContent = "Nothing new since your last visit.";
    else {
      const link = document.createElement("a");
      link.href = fresh[0].getAttribute("href");
      link.textContent = `${plural(fresh.length, "day")}, ${plural(papers, "paper")}`;
      since.append("Since your last visit: ", link);
    }
  }
  const unread = () => {
    const done = new Map();
    let first = "9";
    for (const [id, paper] of marks.all()) {
      if (!paper.day) continue;
      if (paper.day < first) first = paper.day;
      if (marks.isDone(id)) done.set(paper.day, (done.get(paper.day) ?? 0) + 1);
    }
    for (const cell of cells) {
      // Days before a reader began are no arrears.
      const left = cell.dataset.day < first ? 0 : Math.max(0, number(cell) - (done.get(cell.dataset.day) ?? 0));
      cell.querySelector(".left")?.remove();
      const name = cell.getAttribute("aria-label").replace(/, \d+ not read$/, "");
      cell.setAttribute("aria-label", left ? `${name}, ${left} not read` : name);
      if (!left) continue;
      const mark = document.createElement("small");
      mark.className = "left";
      mark.textContent = left;
      cell.append(mark);
    }
  };
  if (cells.length) {
    unread();
    document.addEventListener("marked", unread);
  }

  // ----- The page of starred papers. What is kept is only text, whoever wrote it.
  const place = document.getElementById("starred");
  if (!place) return;
  const list = place.querySelector("ol");
  const status = place.querySelector("[role=status]");
  if (marks.inWorkspace)
    document.getElementById("kept").textContent =
      "Marks are kept in output/marks.json of the workspace, for every browser that opens these pages.";
  const starred = () =>
    [...marks.all()]
      .filter(([, paper]) => paper.star?.value || paper.note?.value)
      .sort(([, one], [, other]) => String(other.star?.at ?? other.note?.at).localeCompare(String(one.star?.at ?? one.note?.at)));
  const about = ([id, paper]) => [id, { ...paper.about, title: String(paper.about?.title ?? id) }];
  const item = ([id, paper]) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    const title = String(paper.about?.title ?? id);
    link.textContent = title;
    link.dir = "auto";
    link.href = paper.day ? `${root}day/${paper.day}.html#${id}` : `https://arxiv.org/abs/${id}`;
    const more = document.createElement("small");
    more.textContent = ` ${id} `;
    const button = document.createElement("button");
    button.type = "button";
    const is = Boolean(paper.star?.value);
    button.textContent = is ? "Remove star" : "Star";
    button.setAttribute("aria-label", `${button.textContent}: ${title}`);
    button.addEventListener("click", () => {
      marks.set([[id, { star: !is }]]);
      (list.querySelector("button") ?? document.getElementById("export")).focus();
      status.textContent = `${is ? "Star removed" : "Starred"}: ${title}`;
    });
    line.append(link, more, button);
    if (paper.note?.value) {
      const note = document.createElement("p");
      note.className = "note-text";
      note.dir = "auto";
      note.textContent = `Note: ${paper.note.value}`;
      line.append(note);
    }
    return line;
  };
  const fill = () => {
    const found = starred();
    list.replaceChildren(...found.map(item));
    status.textContent = plural(found.length, "paper");
  };
  fill();
  document.addEventListener("marked", fill);
  for (const button of place.querySelectorAll("[data-export]"))
    button.addEventListener("click", () => {
      const [name, type, write] = cite.formats[button.dataset.export];
      cite.download(name, type, write(starred().filter(([, paper]) => paper.star?.value).map(about)));
    });
  document
    .getElementById("export")
    .addEventListener("click", () => cite.download("arxiv-digest-marks.json", "application/json", marks.file()));
  const input = document.getElementById("import");
  input.addEventListener("change", async () => {
    try {
      const count = marks.merge(await input.files[0].text());
      status.textContent = `Marks of ${plural(count, "paper")} imported.`;
    } catch (error) {
      status.textContent = `Cannot import: ${error.message}`;
    }
    input.value = "";
  });
})();
