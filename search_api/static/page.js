// Our own pages: suggestions below their search box. Without JavaScript the form works.
for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
