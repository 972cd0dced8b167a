// What a page knows of a paper, and citations of it. A page has it as COinS, for reference managers.
"use strict";
const cite = (() => {
  const record = (id, coins) => {
    const values = new URLSearchParams(coins);
    return {
      title: values.get("rft.title") ?? id,
      authors: values.getAll("rft.creator"),
      published: values.get("rft.date") ?? "",
      category: values.get("rft.subject") ?? "",
    };
  };
  // The record of a paper on a page, "" where the page has none.
  const of = (article) => {
    const coins = article.querySelector(".Z3988")?.title;
    return coins ? record(article.dataset.paper, coins) : { title: article.querySelector(".title").textContent };
  };
  // The same from the page of the paper's day, where a list shows the paper.
  const fetched = async (article, link) => {
    if (location.protocol === "file:" || !link) return null;
    try {
      const html = await (await fetch(link.href.replace(/#.*/, ""))).text();
      const page = new DOMParser().parseFromString(html, "text/html");
      const found = page.querySelector(`article[data-paper="${CSS.escape(article.dataset.paper)}"] .Z3988`);
      return found && record(article.dataset.paper, found.title);
    } catch {
      return null;
    }
  };

  const family = (name) => name.trim().split(/\s+/).at(-1);
  const plain = (text) => text.normalize("NFKD").replace(/[^A-Za-z0-9]/g, "");
  // Titles of arXiv are TeX already; outside of formulas, what TeX would not take is escaped.
  const tex = (text) =>
    text
      .split(/(\$[^$]*\$)/)
      .map((part, place) => (place % 2 ? part : part.replace(/(^|[^\\])([&%#_])/g, "$1\\$2")))
      .join("");
  const bibtex = ([id, about]) => {
    const authors = about.authors ?? [];
    const year = (about.published ?? "").slice(0, 4);
    const word = about.title.split(/\s+/).map(plain).find((each) => each.length > 3) ?? "";
    const key = `${plain(family(authors[0] ?? "arxiv"))}${year}${word}`.toLowerCase() || id;
    const fields = [
      ["title", `{${tex(about.title)}}`],
      ["author", tex(authors.join(" and "))],
      ["year", year],
      ["eprint", id],
      ["archivePrefix", "arXiv"],
      ["primaryClass", about.category],
      ["doi", `10.48550/arXiv.${id}`],
      ["url", `https://arxiv.org/abs/${id}`],
    ];
    const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},\n`);
    return `@misc{${key},\n${lines.join("")}}\n`;
  };
  const ris = ([id, about]) =>
    [
      ["TY", "GEN"],
      ["TI", about.title],
      ...(about.authors ?? []).map((name) => {
        const last = family(name);
        return ["AU", `${last}, ${name.trim().slice(0, -last.length).trim()}`.replace(/, $/, "")];
      }),
      ["PY", (about.published ?? "").slice(0, 4)],
      ["DO", `10.48550/arXiv.${id}`],
      ["UR", `https://arxiv.org/abs/${id}`],
      ["PB", "arXiv"],
      ["ER", ""],
    ]
      .filter(([tag, value]) => value || tag === "ER")
      .map(([tag, value]) => `${tag}  - ${String(value).replace(/\s+/g, " ")}\r\n`)
      .join("");
  const csl = ([id, about]) => ({
    id: `arXiv:${id}`,
    type: "article",
    title: about.title,
    author: (about.authors ?? []).map((name) => {
      const last = family(name);
      return { family: last, given: name.trim().slice(0, -last.length).trim() };
    }),
    issued: about.published ? { "date-parts": [about.published.split("-").map(Number)] } : undefined,
    publisher: "arXiv",
    number: `arXiv:${id}`,
    DOI: `10.48550/arXiv.${id}`,
    URL: `https://arxiv.org/abs/${id}`,
  });
  const formats = {
    bibtex: ["starred.bib", "application/x-bibtex", (papers) => papers.map(bibtex).join("\n")],
    ris: ["starred.ris", "application/x-research-info-systems", (papers) => papers.map(ris).join("\r\n")],
    csl: ["starred.json", "application/json", (papers) => JSON.stringify(papers.map(csl), null, 2) + "\n"],
  };
  const download = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  return { of, fetched, bibtex, formats, download };
})();
