// Before anything is drawn: the theme that the reader chose, if any.
"use strict";
(() => {
  const root = document.documentElement;
  const names = ["auto", "light", "dark"];
  const kept = () => {
    try {
      return names.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "auto";
    } catch {
      return "auto"; // a browser that keeps nothing
    }
  };
  const show = (name) => (name === "auto" ? delete root.dataset.theme : (root.dataset.theme = name));
  show(kept());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const label = button.querySelector("span");
    let name = kept();
    label.textContent = name;
    button.hidden = false;
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
