/// The one script: forms that call REST, and the progress of a training. Reading needs none of it.
enum PageScript {
    static let text = #"""
        "use strict";
        document.documentElement.classList.add("script");

        const tag = (name, attributes = {}, ...content) => {
          const node = document.createElement(name);
          for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
          node.append(...content);
          return node;
        };

        const number = value => {
          if (value === null || value === undefined) return "–";
          if (typeof value !== "number") return String(value);
          return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)));
        };

        const table = (head, rows) => {
          const cell = (name, item) => item instanceof Node ? tag(name, {}, item)
            : tag(name, typeof item === "number" ? { class: "n" } : {}, number(item));
          return tag("table", {},
            tag("thead", {}, tag("tr", {}, ...head.map((text, index) =>
              tag("th", rows.length && typeof rows[0][index] === "number" ? { class: "n" } : {}, text)))),
            tag("tbody", {}, ...rows.map(row => tag("tr", {}, ...row.map(item => cell("td", item))))));
        };

        const bar = (value, most) => {
          const space = "http://www.w3.org/2000/svg";
          const image = document.createElementNS(space, "svg");
          image.setAttribute("class", "share");
          image.setAttribute("viewBox", "0 0 160 10");
          image.setAttribute("aria-hidden", "true");
          const shape = document.createElementNS(space, "rect");
          shape.setAttribute("class", value < 0 ? "loss" : "bar");
          shape.setAttribute("width", most > 0 ? Math.abs(value) / most * 160 : 0);
          shape.setAttribute("height", 10);
          image.append(shape);
          return image;
        };

        const facts = (list, pairs) => list.replaceChildren(...pairs.map(([label, text]) =>
          tag("div", {}, tag("dt", {}, label), tag("dd", {}, number(text)))));

        const say = (form, text, failed = false) => {
          const place = form.querySelector("[data-message]") ?? form.closest("section")?.querySelector("[data-message]");
          if (!place) return;
          place.textContent = text;
          place.classList.toggle("failed", failed);
        };

        /// Calls REST; a refusal becomes an error with what happened and what to do.
        const call = async (url, options) => {
          const answer = await fetch(url, options);
          const body = (answer.headers.get("content-type") ?? "").includes("json") ? await answer.json() : await answer.text();
          if (!answer.ok) throw new Error(body.detail ? `${body.detail} ${body.remedy ?? ""}` : `The answer was ${answer.status}.`);
          return body;
        };

        const post = (url, value) => call(url, {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value),
        });

        // Not `form.action`: a field of that name would stand in its place.
        const address = form => form.getAttribute("action");

        const values = form => {
          const result = {};
          for (const field of form.elements) {
            if (!field.name || field.value === "") continue;
            result[field.name] = field.dataset.type === "number" ? Number(field.value) : field.value;
          }
          return result;
        };

        const actions = {
          async upload(form) {
            say(form, "Uploading and reading…");
            // The name has to stand before the file, which is read while it arrives.
            const data = new FormData();
            for (const field of form.elements) if (field.name && field.type !== "file" && field.value) data.append(field.name, field.value);
            data.append("file", form.elements.file.files[0]);
            const dataset = await call(address(form), { method: "POST", body: data });
            location.assign("/datasets/" + encodeURIComponent(dataset.name));
          },
          async json(form) {
            await post(address(form), values(form));
            location.reload();
          },
          async train(form) {
            const request = values(form);
            const ways = new Map();
            for (const list of form.querySelectorAll("[data-monotone]")) {
              for (const { value } of list.selectedOptions) {
                if (ways.has(value)) throw new Error(`The prediction cannot go both ways with ${value}.`);
                ways.set(value, list.dataset.monotone);
              }
            }
            if (ways.size) request.monotone = Object.fromEntries(ways);
            const { job } = await post(address(form), request);
            say(form, "Training has begun.");
            await follow(job);
            say(form, "");
          },
          async predict(form) {
            const row = {};
            for (const field of form.elements) if (field.dataset.feature !== undefined) row[field.dataset.feature] = field.value === "" ? null : field.value;
            const answer = await post(address(form), { rows: [row], explain: true });
            say(form, "");
            show(answer);
          },
        };

        const show = answer => {
          const place = document.querySelector("[data-answer]");
          const [first] = answer.predictions;
          place.replaceChildren(tag("p", { class: "result" }, number(first.prediction)));
          if (first.interval) place.append(tag("p", { class: "quiet" }, `Nine times of ten between ${number(first.interval[0])} and ${number(first.interval[1])}.`));
          if (first.probabilities) {
            const sorted = Object.entries(first.probabilities).sort((a, b) => b[1] - a[1]);
            place.append(tag("h3", {}, "Probabilities"), table(["Class", "Probability", ""], sorted.map(([name, share]) => [name, share, bar(share, 1)])));
          }
          if (first.contributions?.length) {
            const most = Math.max(...first.contributions.map(item => Math.abs(item.contribution)));
            place.append(tag("h3", {}, "What moved it"), table(["Feature", "Value", "Contribution", ""],
              first.contributions.map(item => [item.feature, number(item.value), item.contribution, bar(item.contribution, most)])));
          }
          for (const flag of first.flags ?? []) {
            place.append(tag("p", { class: "notice warning" }, `${flag.feature}: ${flag.kind.replaceAll("_", " ")}`));
          }
          place.append(tag("p", { class: "quiet" }, `Answered in ${number(answer.latency_ms)} ms.`));
          place.hidden = false;
        };

        /// Shows a job until it has ended.
        const follow = job => new Promise((resolve, reject) => {
          const place = document.querySelector("[data-progress]");
          place.hidden = false;
          const events = new EventSource(`/api/v1/jobs/${encodeURIComponent(job)}/events`);
          let ended = false;
          events.addEventListener("job", async event => {
            const state = JSON.parse(event.data);
            place.querySelector("progress").value = state.progress;
            facts(place.querySelector("[data-facts]"), [
              ["State", state.state], ["Step", state.step ?? "–"], ["Trials", state.trials],
              ["Best", state.best ? `${state.best.learner} ${number(state.best.score ?? "–")}` : "–"],
              ["Elapsed, s", state.elapsed_seconds], ["Remaining, s", state.remaining_seconds],
            ]);
            if (!["done", "failed", "cancelled"].includes(state.state)) return;
            ended = true;
            events.close();
            try {
              if (state.state !== "done") throw new Error(state.error ? `${state.error.detail} ${state.error.remedy}` : `The training was ${state.state}.`);
              await finish(place, state.model);
              resolve();
            } catch (error) {
              reject(error);
            }
          });
          events.onerror = () => {
            if (ended || events.readyState !== EventSource.CLOSED) return;
            reject(new Error("The connection to the training was lost; it goes on, see the list of models."));
          };
        });

        const finish = async (place, id) => {
          const path = `/api/v1/models/${encodeURIComponent(id)}`;
          const [model, board] = await Promise.all([call(path), call(`${path}/leaderboard`)]);
          place.querySelector("[data-done]").replaceChildren(
            tag("a", { class: "button", href: "/models/" + encodeURIComponent(model.name) }, `Open ${model.name}`));
          place.querySelector("[data-leaderboard]").replaceChildren(
            tag("h3", {}, "Leaderboard"),
            table(["#", "Learner", board.metric, "±", "Fit, s"],
              board.items.slice(0, 15).map(item => [item.rank, item.learner, item.score ?? "–", item.score_std, item.fit_seconds])));
        };

        document.addEventListener("submit", async event => {
          const form = event.target;
          const action = actions[form.getAttribute("data-form")];
          if (!action) return;
          event.preventDefault();
          const button = form.querySelector("button");
          button.disabled = true;
          try {
            await action(form);
          } catch (error) {
            say(form, error.message, true);
          } finally {
            button.disabled = false;
          }
        });

        document.addEventListener("click", async event => {
          const change = event.target.closest("[data-post]");
          if (change) {
            change.disabled = true;
            try {
              await call(change.dataset.post, { method: "POST" });
              location.assign(location.pathname + "#recipe");
              location.reload();
            } catch (error) {
              change.disabled = false;
              say(change, error.message, true);
            }
            return;
          }
          const button = event.target.closest("[data-apply]");
          if (!button) return;
          button.disabled = true;
          try {
            await post(button.dataset.action, { steps: [JSON.parse(button.dataset.apply)].flat() });
            location.assign(location.pathname);
          } catch (error) {
            button.disabled = false;
            say(button, error.message, true);
          }
        });
        """#
}
