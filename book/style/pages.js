// Pieces of code from within a function are shown without the indentation that all their lines have.
for (const code of document.querySelectorAll("main pre > code")) {
    const lines = code.textContent.split("\n").filter((line) => line.trim() !== "");
    const indent = Math.min(...lines.map((line) => line.search(/\S/)));
    if (lines.length === 0 || indent === 0) continue;
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    let atLineStart = true;
    while (texts.nextNode()) {
        const text = texts.currentNode.data;
        texts.currentNode.data = text.replace(/(\n|^)( *)/g, (all, newline, spaces) =>
            newline === "" && !atLineStart ? all : newline + spaces.slice(indent),
        );
        if (text !== "") atLineStart = text.endsWith("\n");
    }
}
