extension PageTemplates {
    static let train = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/">Data</a> / <a href="/datasets/{{segment}}">{{name}}</a> / Train</p>
        <h1>Train on {{name}}</h1>
        <p class="lead">{{rows}} rows. Learners are compared by cross-validation until the time is used up; the best, or a blend of them, is kept.</p>
        <form class="panel grid" action="/api/v1/models" method="post" data-form="train">
        <input type="hidden" name="dataset" value="{{name}}">
        <label>Column to predict <select name="target" required>
        {{#targets}}
        <option value="{{name}}"{{#isChosen}} selected{{/isChosen}}>{{name}} ({{type}})</option>
        {{/targets}}
        </select></label>
        <label>Time in seconds <input type="number" name="budget_seconds" value="20" min="1" max="86400" step="any" data-type="number" required></label>
        <label>Score by <select name="metric">
        <option value="">what suits the column</option>
        <optgroup label="Classes">
        {{#classScores}}
        <option value="{{name}}">{{text}}</option>
        {{/classScores}}
        </optgroup>
        <optgroup label="Numbers">
        {{#numberScores}}
        <option value="{{name}}">{{text}}</option>
        {{/numberScores}}
        </optgroup>
        </select></label>
        <label>Name of the model <input type="text" name="name" placeholder="made from the dataset's"></label>
        {{#hasOrdered}}
        <label>Must not fall with <select multiple size="3" data-monotone="increasing">{{#ordered}}<option>{{.}}</option>{{/ordered}}</select></label>
        <label>Must not rise with <select multiple size="3" data-monotone="decreasing">{{#ordered}}<option>{{.}}</option>{{/ordered}}</select></label>
        {{/hasOrdered}}
        <div><button>Train</button></div>
        <p class="message" role="status" data-message></p>
        </form>
        <noscript><p class="notice warning">The form needs JavaScript. Without it, train with csvctl or by REST.</p></noscript>
        <section class="panel" data-progress hidden>
        <h2>Progress</h2>
        <progress max="1" value="0"></progress>
        <dl class="facts" data-facts></dl>
        <p class="actions" data-done></p>
        <div class="scroll" data-leaderboard></div>
        </section>
        {{/content}}{{/layout}}
        """#

    static let models = #"""
        {{<layout}}{{$content}}
        <h1>Models</h1>
        <div class="scroll"><table>
        <thead><tr><th>Name</th><th>Predicts</th><th>Task</th><th>Learner</th><th>Metric</th><th class="n">Score</th><th>Dataset</th><th class="n">Version</th><th>Stored</th></tr></thead>
        <tbody>
        {{#models}}
        <tr><td><a href="/models/{{segment}}">{{name}}</a></td><td>{{target}}</td><td>{{task}}</td><td>{{learner}}</td><td>{{metric}}</td><td class="n">{{score}}</td><td><a href="/datasets/{{datasetSegment}}">{{dataset}}</a></td><td class="n">{{version}}</td><td class="quiet">{{created}}</td></tr>
        {{/models}}
        {{^models}}
        <tr><td colspan="9" class="quiet">No model yet.</td></tr>
        {{/models}}
        </tbody>
        </table></div>
        <p>Train one on {{#datasets}}<a class="chip" href="/datasets/{{segment}}/train">{{name}}</a> {{/datasets}}{{^datasets}}a dataset: <a href="/">upload one</a> first.{{/datasets}}</p>
        <section>
        <h2>Trainings</h2>
        <div class="scroll"><table>
        <thead><tr><th>Job</th><th>State</th><th class="n">Progress</th><th class="n">Trials</th><th>Best</th><th class="n">Time</th><th>Error</th></tr></thead>
        <tbody>
        {{#jobs}}
        <tr><td><a href="/api/v1/jobs/{{id}}"><code>{{id}}</code></a></td><td><span class="badge {{state}}">{{state}}</span></td><td class="n">{{progress}}</td><td class="n">{{trials}}</td><td>{{best}}</td><td class="n">{{elapsed}}</td><td>{{failure}}</td></tr>
        {{/jobs}}
        {{^jobs}}
        <tr><td colspan="7" class="quiet">No training yet.</td></tr>
        {{/jobs}}
        </tbody>
        </table></div>
        </section>
        {{/content}}{{/layout}}
        """#

    static let model = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/models">Models</a> / {{name}}</p>
        <h1>{{name}}</h1>
        <dl class="facts">
        {{#facts}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/facts}}
        </dl>
        <p class="actions"><a class="button" href="/api/v1/models/{{segment}}/report">Report</a> <a class="button" href="/api/v1/models/{{segment}}/export?format=json">JSON</a> <a class="button" href="/api/v1/models/{{segment}}/export?format=onnx">ONNX</a></p>
        <section>
        <h2>Predict</h2>
        <form class="panel grid" action="/api/v1/models/{{segment}}/predict" method="post" data-form="predict">
        {{#inputs}}
        <label>{{feature}} {{#isChoice}}<select data-feature="{{feature}}"><option value="">(empty)</option>{{#choices}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{value}}</option>{{/choices}}</select>{{/isChoice}}{{^isChoice}}<input type="text" data-feature="{{feature}}" value="{{value}}"{{#isDecimal}} inputmode="decimal"{{/isDecimal}}>{{/isChoice}}</label>
        {{/inputs}}
        <div><button>Predict</button></div>
        <p class="message" role="status" data-message></p>
        </form>
        <div class="panel" data-answer hidden aria-live="polite"></div>
        </section>
        <section>
        <h2>What it rests on</h2>
        <p class="quiet">Loss of score when a feature is shuffled ({{method}}).</p>
        <div class="scroll"><table class="shares">
        <thead><tr><th>Feature</th><th class="n">Importance</th><th class="n">±</th><th></th></tr></thead>
        <tbody>
        {{#importances}}
        <tr><th scope="row">{{feature}}</th><td class="n">{{value}}</td><td class="n quiet">{{deviation}}</td><td>{{#bar}}{{> share}}{{/bar}}</td></tr>
        {{/importances}}
        </tbody>
        </table></div>
        {{#hasContributions}}
        <div class="scroll"><table class="shares">
        <caption>Mean size of the contributions to {{contributionRows}} predictions, on the model's own scale</caption>
        <thead><tr><th>Feature</th><th class="n">Mean size</th><th></th></tr></thead>
        <tbody>
        {{#contributions}}
        <tr><th scope="row">{{feature}}</th><td class="n">{{value}}</td><td>{{#bar}}{{> share}}{{/bar}}</td></tr>
        {{/contributions}}
        </tbody>
        </table></div>
        {{/hasContributions}}
        {{#hasDependences}}
        <h3>Mean answer by the value of a feature</h3>
        <div class="beside">
        {{#dependences}}{{> curve}}{{/dependences}}
        </div>
        {{/hasDependences}}
        </section>
        <section id="drift">
        <h2>Drift</h2>
        {{#hasShifts}}
        <div class="scroll"><table>
        <caption>About {{recentRows}} recent rows against the training data: stable below a stability index (PSI) of 0.1, moderate below 0.2, else marked</caption>
        <thead><tr><th>Feature</th><th class="n">PSI</th><th>Verdict</th></tr></thead>
        <tbody>
        {{#shifts}}
        <tr><th scope="row">{{feature}}</th><td class="n">{{psi}}</td><td><span class="badge {{badge}}">{{verdict}}</span></td></tr>
        {{/shifts}}
        </tbody>
        </table></div>
        {{/hasShifts}}
        {{^hasShifts}}
        <p class="quiet">{{recentRows}} rows predicted lately; from {{leastRows}} on they are held against the training data.</p>
        {{/hasShifts}}
        </section>
        <section>
        <h2>Evaluation</h2>
        <p class="quiet">On {{evaluatedRows}} rows that the predicting model had not seen.</p>
        <dl class="facts">
        {{#metrics}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/metrics}}
        </dl>
        <div class="beside">
        {{#confusion}}
        <div class="scroll"><table class="confusion">
        <caption>Actual classes in rows, predicted ones in columns</caption>
        <thead><tr><td></td>{{#predicted}}<th scope="col" class="n">{{.}}</th>{{/predicted}}</tr></thead>
        <tbody>
        {{#rows}}
        <tr><th scope="row">{{actual}}</th>{{#cells}}<td class="n{{#isRight}} right{{/isRight}}">{{count}}</td>{{/cells}}</tr>
        {{/rows}}
        </tbody>
        </table></div>
        {{/confusion}}
        {{#hasClassScores}}
        <div class="scroll"><table>
        <caption>Scores by class</caption>
        <thead><tr><th>Class</th><th class="n">Precision</th><th class="n">Recall</th><th class="n">F1</th><th class="n">Rows</th></tr></thead>
        <tbody>
        {{#classScores}}
        <tr><th scope="row">{{label}}</th><td class="n">{{precision}}</td><td class="n">{{recall}}</td><td class="n">{{f1}}</td><td class="n">{{support}}</td></tr>
        {{/classScores}}
        </tbody>
        </table></div>
        {{/hasClassScores}}
        </div>
        {{#hasCurves}}
        <div class="beside">
        {{#curves}}{{> curve}}{{/curves}}
        </div>
        {{/hasCurves}}
        </section>
        <section>
        <h2>Leaderboard</h2>
        <div class="scroll"><table>
        <thead><tr><th class="n">#</th><th>Learner</th><th class="n">{{metric}}</th><th class="n">±</th><th class="n">Fit, s</th><th class="n">1000 predictions, s</th></tr></thead>
        <tbody>
        {{#trials}}
        <tr><td class="n">{{rank}}</td><td>{{learner}}</td><td class="n">{{score}}</td><td class="n quiet">{{deviation}}</td><td class="n">{{fit}}</td><td class="n">{{predict}}</td></tr>
        {{/trials}}
        </tbody>
        </table></div>
        </section>
        {{/content}}{{/layout}}
        """#

    static let curve = #"""
        <figure class="chart curve">
        <figcaption><strong>{{title}}</strong></figcaption>
        <svg viewBox="0 0 320 220" role="img" aria-label="{{caption}}">
        <line class="axis" x1="0" y1="219.5" x2="320" y2="219.5"/>
        {{#hasBeside}}<polyline class="reference" points="{{beside}}"/>{{/hasBeside}}
        <polyline class="line" points="{{points}}"/>
        {{#dots}}<circle class="dot" cx="{{x}}" cy="{{y}}" r="3.5"><title>{{tip}}</title></circle>{{/dots}}
        </svg>
        <figcaption><span>{{left}}</span><span>{{note}}</span><span>{{right}}</span></figcaption>
        </figure>

        """#
}
