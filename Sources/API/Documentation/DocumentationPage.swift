/// The page that shows `/openapi.json`: one file, nothing from elsewhere, light and dark.
enum DocumentationPage {
    static let contentType = "text/html; charset=utf-8"

    /// The page may talk to its own server and to nobody else.
    static let headers: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ("Referrer-Policy", "no-referrer"),
    ]

    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>ticktop API</title>
        <style>
        \(style)
        </style>
        </head>
        <body>
        <header>
        <h1>ticktop API</h1>
        <p id="about"></p>
        <p><label>Token, for writes: <input id="token" type="password" autocomplete="off"
        placeholder="what `ticktop token` shows"></label>
        <label>Filter: <input id="filter" type="search"></label></p>
        </header>
        <main id="operations"><p>Loading /openapi.json ...</p></main>
        <noscript><p>This page needs JavaScript; the document itself is at /openapi.json.</p>
        </noscript>
        <script>
        \(script)
        </script>
        </body>
        </html>

        """

    private static let style = """
        :root { --text: #1c2128; --dim: #57606a; --page: #ffffff; --box: #f6f8fa;
          --line: #d0d7de; --get: #0969da; --write: #bc4c00; --good: #1a7f37; --bad: #cf222e; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e6edf3; --dim: #9198a1; --page: #0d1117; --box: #161b22;
            --line: #30363d; --get: #58a6ff; --write: #f0883e; --good: #3fb950;
            --bad: #ff7b72; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--text);
          background: var(--page); font: 16px/1.5 system-ui, sans-serif; }
        h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
        p { margin: .25rem 0; }
        label { margin-right: 1rem; }
        input, select, button { font: inherit; color: inherit; background: var(--page);
          border: 1px solid var(--line); border-radius: 6px; padding: .2rem .5rem; }
        button { cursor: pointer; background: var(--box); }
        :focus-visible { outline: 2px solid var(--get); outline-offset: 1px; }
        details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0;
          background: var(--box); }
        summary { cursor: pointer; padding: .5rem .75rem; overflow-wrap: anywhere; }
        summary b { display: inline-block; min-width: 4.5rem; color: var(--get); }
        summary b.write { color: var(--write); }
        summary span { color: var(--dim); margin-left: .75rem; }
        .inner { padding: 0 .75rem .75rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0;
          border-bottom: 1px solid var(--line); font-weight: normal; }
        th { color: var(--dim); }
        code, pre { font: 14px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
        pre { background: var(--page); border: 1px solid var(--line); border-radius: 6px;
          padding: .5rem; max-height: 24rem; overflow: auto; white-space: pre-wrap; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        """

    private static let script = #"""
        "use strict";
        const make = (tag, text, parent) => {
          const node = document.createElement(tag);
          if (text !== undefined && text !== null) node.textContent = text;
          if (parent) parent.append(node);
          return node;
        };
        const named = (doc, schema) => {
          const name = schema.$ref && schema.$ref.split("/").pop();
          return name ? doc.components.schemas[name] : schema;
        };
        const range = (schema) => {
          if (schema.$ref) return schema.$ref.split("/").pop();
          if (schema.anyOf) return schema.anyOf.map(range).join(" or ");
          if (schema.enum) return schema.enum.join(" | ");
          if (schema.type === "array") return "list of " + range(schema.items);
          let text = schema.format || schema.type || "any";
          const open = schema.maximum === undefined || schema.maximum > 1e15;
          if (schema.minimum !== undefined)
            text += open ? " from " + schema.minimum
              : " " + schema.minimum + " to " + schema.maximum;
          if (schema.pattern) text += " " + schema.pattern;
          return text;
        };
        const rows = (heads, lines, parent) => {
          const table = make("table", null, parent);
          const head = make("tr", null, make("thead", null, table));
          for (const text of heads) make("th", text, head);
          const body = make("tbody", null, table);
          for (const line of lines) {
            const row = make("tr", null, body);
            line.forEach((text, i) => make(i ? "td" : "td", null, row)
              .append(i ? document.createTextNode(text) : make("code", text)));
          }
        };
        const members = (doc, schema, parent, seen) => {
          const object = named(doc, schema);
          const key = schema.$ref || "";
          if (!object || !object.properties || seen.has(key)) return;
          seen.add(key);
          make("p", key.split("/").pop(), parent);
          rows(["Member", "Value"], Object.entries(object.properties)
            .map(([name, value]) => [name, range(value)]), parent);
          for (const value of Object.values(object.properties))
            for (const inner of [value, value.items, ...(value.anyOf || [])])
              if (inner && inner.$ref) members(doc, inner, parent, seen);
        };
        const attempt = async (method, path, operation, fields, out) => {
          let url = path;
          const query = new URLSearchParams();
          for (const parameter of operation.parameters) {
            const value = fields[parameter.name].value;
            if (parameter.in === "path")
              url = url.replace("{" + parameter.name + "}", encodeURIComponent(value));
            else if (value !== "") query.set(parameter.name, value);
          }
          if (query.size) url += "?" + query;
          const token = document.getElementById("token").value;
          const headers = token ? { Authorization: "Bearer " + token } : {};
          out.textContent = method + " " + url + "\n";
          try {
            const answer = await fetch(url, { method, headers, cache: "no-store" });
            const text = await answer.text();
            make("span", answer.status + " " + answer.statusText + "\n", out)
              .className = answer.ok ? "good" : "bad";
            let shown = text;
            // Laid out without reading the numbers, which would change their digits.
            if ((answer.headers.get("content-type") || "").includes("json"))
              shown = text.replace(/("(?:[^"\\]|\\.)*")|([\[{,])/g,
                (all, quoted, mark) => quoted ? quoted : mark + "\n");
            make("span", shown.slice(0, 20000), out);
          } catch (error) { make("span", String(error), out).className = "bad"; }
        };
        const form = (method, path, operation, parent) => {
          const fields = {};
          const line = make("p", null, parent);
          for (const parameter of operation.parameters) {
            const label = make("label", parameter.name + " ", line);
            const choices = parameter.schema.enum;
            const field = make(choices ? "select" : "input", null, label);
            if (choices) for (const value of ["", ...choices]) make("option", value, field);
            if (parameter.name === "ticker") field.value = "AAPL";
            fields[parameter.name] = field;
          }
          const button = make("button", "Try it", line);
          const out = make("pre", "", parent);
          out.hidden = true;
          out.setAttribute("aria-live", "polite");
          button.onclick = () => {
            out.hidden = false;
            attempt(method, path, operation, fields, out);
          };
        };
        const show = (doc, path, method, operation, parent) => {
          const box = make("details", null, parent);
          box.dataset.words = (method + " " + path + " " + operation.summary).toLowerCase();
          box.id = operation.operationId;
          const head = make("summary", null, box);
          make("b", operation.responses["101"] ? "WS" : method, head).className =
            method === "GET" ? "" : "write";
          make("code", path, head);
          make("span", operation.summary, head);
          const inner = make("div", null, box);
          inner.className = "inner";
          if (operation.parameters.length)
            rows(["Parameter", "In", "Value", "Default", "Meaning"], operation.parameters
              .map((p) => [p.name, p.in, range(p.schema), p.schema.default ?? "",
                p.description]), inner);
          const answer = operation.responses["200"];
          const schema = answer && answer.content["application/json"];
          if (schema) members(doc, schema.schema, inner, new Set());
          make("p", "Statuses: " + Object.keys(operation.responses).join(", "), inner);
          if (!operation.responses["101"]) form(method, path, operation, inner);
        };
        const start = async () => {
          const main = document.getElementById("operations");
          const doc = await (await fetch("/openapi.json")).json();
          document.getElementById("about").textContent = doc.info.description;
          main.textContent = "";
          for (const [path, item] of Object.entries(doc.paths))
            for (const [method, operation] of Object.entries(item))
              show(doc, path, method.toUpperCase(), operation, main);
          document.getElementById("filter").oninput = (event) => {
            for (const box of main.children)
              box.hidden = !box.dataset.words.includes(event.target.value.toLowerCase());
          };
        };
        start().catch((error) => {
          document.getElementById("operations").textContent = String(error);
        });
        """#
}
