// Before anything is drawn: that there are scripts, the theme and the view that the reader chose.
"use strict";
(() => {
  const root = document.documentElement;
  const names = ["auto", "light", "dark"];
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  const theme = () => (names.includes(kept("theme")) ? kept("theme") : "auto");
  const show = (name) => (name === "auto" ? delete root.dataset.theme : (root.dataset.theme = name));
  root.classList.add("js");
  root.classList.toggle("compact", kept("view") === "compact");
  show(theme());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const label = button.querySelector("span");
    let name = theme();
    label.textContent = name;
    button.addEventListener("click", () => {
      name = names[(names.indexOf(name) + 1) % names.length];
      label.textContent = name;
      show(name);
      try {
        localStorage.setItem("theme", name);
      } catch {
        // then it lasts as long as the page
      }
    });
  });
})();
