// Suggestions below a search box: a combobox with a list (ARIA 1.2).
const PAUSE_MS = 120;

function made(name, attributes) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.words = input.dataset;
    this.items = [];
    this.chosen = -1;
    this.asked = 0;
    this.list = made("ul", { id: "suggestions", role: "listbox", class: "suggestions", "aria-label": this.words.label });
    this.list.hidden = true;
    this.said = made("p", { class: "unseen", role: "status" });
    input.parentElement.append(this.list, this.said);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The list is gone on blur, before a click would arrive.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const number = ++this.asked;
    const typed = this.input.value.trim();
    if (!typed) { this.close(); return; }
    try {
      const query = new URLSearchParams({ q: typed.slice(0, 200), limit: "8", lang: this.words.lang });
      const answer = await fetch(`${this.words.suggest}?${query}`, { credentials: "omit" });
      // An answer to what was typed before is of no use any more.
      if (!answer.ok || number !== this.asked || this.input.getRootNode().activeElement !== this.input) return;
      this.show((await answer.json()).suggestions);
    } catch {
      this.close();
    }
  }

  show(suggestions) {
    this.items = suggestions;
    this.chosen = -1;
    this.list.replaceChildren(...suggestions.map((suggestion, place) => this.option(suggestion, place)));
    this.open(suggestions.length > 0);
    this.said.textContent = suggestions.length
      ? this.words.some.replace("{count}", suggestions.length)
      : this.words.none;
  }

  option(suggestion, place) {
    const option = made("li", { role: "option", id: `suggestion-${place}`, "aria-selected": "false" });
    const text = made("span", {});
    text.textContent = suggestion.text;
    const kind = made("span", { class: "of" });
    kind.textContent = this.words[suggestion.kind] ?? "";
    option.append(text, kind);
    option.addEventListener("click", () => this.go(suggestion));
    return option;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.open(false);
    this.said.textContent = "";
  }

  choose(place) {
    for (const [number, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(number === place));
      if (number === place) {
        this.input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }
    if (place < 0) this.input.removeAttribute("aria-activedescendant");
    this.chosen = place;
  }

  key(event) {
    const last = this.items.length - 1;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" && this.list.hidden) {
      event.preventDefault();
      this.ask();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.choose(this.chosen === last ? -1 : this.chosen + 1);
    } else if (event.key === "ArrowUp" && !this.list.hidden) {
      event.preventDefault();
      this.choose(this.chosen < 0 ? last : this.chosen - 1);
    } else if (event.key === "Enter" && !this.list.hidden && this.chosen >= 0) {
      event.preventDefault();
      this.go(this.items[this.chosen]);
    }
  }

  go(suggestion) {
    this.close();
    // What is answered is an address below ours, which need not be that of the page.
    window.location.assign(new URL(suggestion.href, new URL(this.words.suggest, document.baseURI)));
  }
}
