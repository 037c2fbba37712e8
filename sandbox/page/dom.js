// Small helpers: elements are built, never parsed, so no text can become markup.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  back: "M15 5l-7 7 7 7", close: "M6 6l12 12M18 6L6 18", send: "M4 12l16-8-6 16-3-7z", more: "M12 5h.01M12 12h.01M12 19h.01",
  attach: "M20 11l-8.5 8.5a5 5 0 01-7-7L13 4a3.5 3.5 0 015 5l-8.5 8.5a2 2 0 01-3-3L14 7",
  menu: "M5 7h14M5 12h14M5 17h9", pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0113 0c0 5-6.5 11-6.5 11zM12 8a2 2 0 100 4 2 2 0 000-4z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5", edit: "M5 19l1-4L16 5l3 3L9 18z", link: "M9 15l8-8M10 7h7v7",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function avatar(account) {
  const letters = (account.first_name[0] ?? "?") + (account.last_name[0] ?? "");
  return make("span", { class: `avatar hue${Math.abs(account.id) % 7}`, "aria-hidden": "true" }, letters);
}

export const fullName = (account) => `${account.first_name} ${account.last_name}`.trim();

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const TAGS = new Set(["b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "a"]);
const SAFE = /^(https?|tg|mailto|tel):/i;

// The server's tree of formatted pieces as nodes; `say(text)` sends a tapped command, `follow(url)` a bot link.
export function rich(nodes, { say, follow }) {
  return nodes.map((node) => {
    if (!node.tag) return document.createTextNode(node.text);
    const children = rich(node.children, { say, follow });
    if (!TAGS.has(node.tag)) return make("span", {}, ...children);
    if (node.tag === "tg-spoiler") return spoiler(children);
    if (node.command) return make("button", { class: "inline-link", type: "button", onclick: () => say(node.command) }, ...children);
    if (node.tag === "a") {
      if (!SAFE.test(node.href ?? "")) return make("span", {}, ...children);
      const open = (event) => { if (follow(node.href)) event.preventDefault(); };
      return make("a", { href: node.href, target: "_blank", rel: "noopener noreferrer", onclick: open }, ...children);
    }
    if (node.expandable) return expandable(children);
    return make(node.tag, {}, ...children);
  });
}

function spoiler(children) {
  const show = () => { hidden.classList.add("shown"); hidden.removeAttribute("role"); hidden.removeAttribute("tabindex"); hidden.removeAttribute("aria-label"); };
  const hidden = make("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Show the hidden text", onclick: show,
    onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(); } } }, ...children);
  return hidden;
}

function expandable(children) {
  const quote = make("blockquote", { class: "expandable" }, make("div", {}, ...children));
  const toggle = () => more.setAttribute("aria-expanded", quote.classList.toggle("open")) ?? (more.textContent = quote.classList.contains("open") ? "Less" : "More");
  const more = make("button", { type: "button", class: "inline-link more", "aria-expanded": "false", onclick: toggle }, "More");
  quote.append(more);
  return quote;
}
