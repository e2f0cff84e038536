"use strict";
(() => {
  const root = document.documentElement;

  // Sorts tables by the keys of a column: numbers or words, unknown ones last.
  for (const table of document.querySelectorAll("table.sortable")) {
    table.classList.add("live");
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      const isText = head.querySelector("button").dataset.sort === "text";
      const rows = [...table.tBodies[0].rows];
      const compare = (one, other) => {
        const a = one.cells[column].dataset.key, b = other.cells[column].dataset.key;
        if (a === "" || b === "") return (a === "") - (b === "");
        if (isText) return down * a.localeCompare(b, "en");
        return Number(a) === Number(b) ? 0 : down * (Number(a) < Number(b) ? -1 : 1);
      };
      rows.sort(compare);
      table.tBodies[0].append(...rows);
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down > 0 ? "ascending" : "descending");
    }));
  }

  // Marks a sampler everywhere while the pointer is on it anywhere.
  const marked = [...document.querySelectorAll("[data-s]")];
  const light = index => {
    root.classList.toggle("lit", index !== null);
    for (const element of marked) element.classList.toggle("on", element.dataset.s === index);
  };
  for (const element of marked) {
    element.addEventListener("pointerenter", () => light(element.dataset.s));
    element.addEventListener("pointerleave", () => light(null));
  }

  // Titles within pictures appear at once, in the page's own type.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  for (const title of document.querySelectorAll("svg g title")) {
    const owner = title.parentElement, text = title.textContent;
    owner.setAttribute("aria-label", text);
    title.remove();
    owner.addEventListener("pointermove", event => {
      tip.textContent = text;
      tip.hidden = false;
      const left = Math.min(event.pageX + 14, window.scrollX + root.clientWidth - tip.offsetWidth - 8);
      tip.style.left = `${Math.max(8, left)}px`;
      tip.style.top = `${event.pageY + 16}px`;
    });
    owner.addEventListener("pointerleave", () => { tip.hidden = true; });
  }

  // Reads the curves under the pointer.
  const figure = document.getElementById("time");
  const picture = figure && figure.querySelector("svg[data-curves]");
  if (picture) {
    const times = picture.dataset.times.split(" ").map(Number);
    const curves = picture.dataset.curves.split("; ").map(text => text.split(": ")).map(([name, list]) => [name, list.split(" ").map(Number)]);
    const from = Number(picture.dataset.from), to = Number(picture.dataset.to), width = picture.viewBox.baseVal.width;
    const cross = picture.querySelector(".cross"), readout = figure.querySelector(".readout");
    const show = value => Number.isFinite(value) ? value.toPrecision(3) : "∞";
    picture.addEventListener("pointermove", event => {
      const box = picture.getBoundingClientRect(), x = (event.clientX - box.left) * width / box.width;
      const isInside = x >= from && x <= to;
      cross.setAttribute("visibility", isInside ? "visible" : "hidden");
      if (!isInside) return;
      const i = Math.round((x - from) / (to - from) * (times.length - 1));
      cross.setAttribute("transform", `translate(${from + (to - from) * i / (times.length - 1)} 0)`);
      readout.textContent = `t = ${show(times[i])}: ` + curves.map(([name, list]) => `${name} ${show(list[i])}`).join(", ");
    });
    picture.addEventListener("pointerleave", () => cross.setAttribute("visibility", "hidden"));
  }
  root.dataset.ready = "";
})();
