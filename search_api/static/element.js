// <samsok-search>: the search box on another site. WORDS and STYLE stand before this, put there
// by the server. What the site has put between the tags is shown where this does not run.
const HOME = new URL(".", import.meta.url);
const FILTERS = ["partner", "area", "person", "kind", "language", "source", "year"];
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class SearchBox extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const lang = this.closest("[lang]")?.lang.toLowerCase().startsWith("en") ? "en" : "sv";
    const words = WORDS[lang];
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [sheet];

    const form = made("form", { action: new URL(lang === "en" ? "en/sok" : "sok", HOME), role: "search", lang });
    const label = made("label", { for: "q" });
    label.textContent = this.getAttribute("label") || words.search_label;
    const input = made("input", {
      id: "q", name: "q", type: "search", maxlength: "200",
      autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
    });
    Object.assign(input.dataset, words.data, { lang, suggest: new URL("api/v1/suggest", HOME) });
    const button = made("button", { type: "submit" });
    button.textContent = words.search;
    const row = made("div", { class: "row" });
    row.append(input, button);
    form.append(label, row, ...this.filters());
    root.append(form);
    new Suggestions(input);
  }

  filters() {
    return FILTERS.filter((name) => this.getAttribute(name)).map((name) =>
      made("input", { type: "hidden", name, value: this.getAttribute(name) }));
  }
}

if (!customElements.get("samsok-search")) customElements.define("samsok-search", SearchBox);
