extension PageTemplates {
    static let overview = #"""
        {{<layout}}{{$content}}
        <h1>Overview <span class="badge {{#isReady}}good{{/isReady}}{{^isReady}}bad{{/isReady}}">{{state}}</span></h1>
        <dl class="facts">
        {{#facts}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/facts}}
        </dl>
        <section>
        <h2>Datasets</h2>
        <form class="panel row" action="/api/v1/datasets" method="post" enctype="multipart/form-data" data-form="upload">
        <label>Name <input type="text" name="name" placeholder="from the file"></label>
        <label>If it exists <select name="if_exists"><option value="error">refuse</option><option value="version">new version</option><option value="append">append</option><option value="replace">replace</option></select></label>
        <label>CSV file <input type="file" name="file" required></label>
        <button>Upload</button>
        <p class="message" role="status" data-message></p>
        </form>
        <div class="scroll"><table>
        <thead><tr><th>Name</th><th class="n">Rows</th><th class="n">Columns</th><th class="n">Rejected</th><th class="n">Size</th><th class="n">Version</th><th>Stored</th><th></th></tr></thead>
        <tbody>
        {{#datasets}}
        <tr><td><a href="/datasets/{{segment}}">{{name}}</a></td><td class="n">{{rows}}</td><td class="n">{{columns}}</td><td class="n">{{rejected}}</td><td class="n">{{size}}</td><td class="n">{{version}}</td><td class="quiet">{{created}}</td><td><a href="/datasets/{{segment}}/profile">Profile</a> · <a href="/datasets/{{segment}}/train">Train</a></td></tr>
        {{/datasets}}
        {{^datasets}}
        <tr><td colspan="8" class="quiet">No dataset yet: upload a CSV above.</td></tr>
        {{/datasets}}
        </tbody>
        </table></div>
        {{#hasMoreDatasets}}<p class="quiet">The newest 100 are shown; <a href="/api/v1/datasets?limit=1000">all as JSON</a>.</p>{{/hasMoreDatasets}}
        </section>
        <section>
        <h2>Models</h2>
        <div class="scroll"><table>
        <thead><tr><th>Name</th><th>Predicts</th><th>Learner</th><th>Metric</th><th class="n">Score</th><th>Dataset</th></tr></thead>
        <tbody>
        {{#models}}
        <tr><td><a href="/models/{{segment}}">{{name}}</a></td><td>{{target}}</td><td>{{learner}}</td><td>{{metric}}</td><td class="n">{{score}}</td><td><a href="/datasets/{{datasetSegment}}">{{dataset}}</a></td></tr>
        {{/models}}
        {{^models}}
        <tr><td colspan="6" class="quiet">No model yet: train one from a dataset.</td></tr>
        {{/models}}
        </tbody>
        </table></div>
        </section>
        <section>
        <h2>Needs attention</h2>
        {{#open}}
        <p class="notice {{severity}}"><a href="/incidents/{{number}}">Incident {{number}}: {{heading}}</a> <span class="badge {{state}}">{{state}}</span> <span class="quiet">since {{opened}}</span></p>
        {{/open}}
        {{#firing}}
        <p class="notice {{severity}}"><a href="/alerts">{{name}}</a> fires, value {{value}}</p>
        {{/firing}}
        {{^open}}{{^firing}}<p class="quiet">No open incident, and no rule fires.</p>{{/firing}}{{/open}}
        </section>
        {{/content}}{{/layout}}
        """#

    static let dataset = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/">Data</a> / {{name}}</p>
        <h1>{{name}} <span class="badge">version {{version}}</span></h1>
        {{#about}}<p class="lead">{{about}}</p>{{/about}}
        <p class="actions"><a class="button" href="/datasets/{{segment}}/profile?version={{version}}">Profile</a> <a class="button" href="/datasets/{{segment}}/train">Train</a></p>
        <p class="actions">Download: {{#exports}}<a href="/api/v1/datasets/{{segment}}/export?format={{.}}&amp;version={{version}}" download>{{.}}</a> {{/exports}}</p>
        <dl class="facts">
        {{#facts}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/facts}}
        </dl>
        {{#warnings}}
        <p class="notice warning">{{.}}</p>
        {{/warnings}}
        <section>
        <h2 id="rows">Rows</h2>
        {{#leavesColumnsOut}}<p class="quiet">The first 100 columns are shown.</p>{{/leavesColumnsOut}}
        <div class="scroll"><table class="cells">
        <caption>{{range}}</caption>
        <thead><tr><th class="n quiet" scope="col">#</th>{{#shown}}<th scope="col"{{#isNumber}} class="n"{{/isNumber}}>{{name}}<small>{{type}}</small></th>{{/shown}}</tr></thead>
        <tbody>
        {{#rows}}
        <tr><th class="n quiet" scope="row">{{number}}</th>{{#cells}}<td{{#isNumber}} class="n"{{/isNumber}}>{{#isNull}}<span class="null">empty</span>{{/isNull}}{{^isNull}}{{text}}{{/isNull}}</td>{{/cells}}</tr>
        {{/rows}}
        </tbody>
        </table></div>
        <p class="paging">{{#before}}<a rel="prev" href="/datasets/{{segment}}?version={{version}}&amp;offset={{before}}#rows">← Earlier rows</a>{{/before}} {{#after}}<a rel="next" href="/datasets/{{segment}}?version={{version}}&amp;offset={{after}}#rows">Later rows →</a>{{/after}}</p>
        </section>
        <section>
        <h2 id="recipe">Recipe</h2>
        <ol class="steps">
        {{#steps}}
        <li>{{text}}</li>
        {{/steps}}
        </ol>
        {{^steps}}<p class="quiet">As uploaded: no step was applied. The profile suggests some.</p>{{/steps}}
        <p class="actions"><a href="/api/v1/datasets/{{segment}}/recipe?format=yaml&amp;version={{version}}" download="{{name}}.yaml">Recipe as YAML</a> {{#canUndo}}<button class="small scripted" data-post="/api/v1/datasets/{{segment}}/undo" data-verb="undo">Undo</button>{{/canUndo}} {{#canRedo}}<button class="small scripted" data-post="/api/v1/datasets/{{segment}}/redo" data-verb="redo">Redo</button>{{/canRedo}}</p>
        <p class="message" role="status" data-message></p>
        </section>
        <section>
        <h2>How it was read</h2>
        <dl class="facts">
        {{#dialect}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/dialect}}
        </dl>
        <ul class="reasons">
        {{#reasons}}
        <li>{{.}}</li>
        {{/reasons}}
        </ul>
        </section>
        <section>
        <h2>Columns</h2>
        <div class="scroll"><table>
        <thead><tr><th>Name</th><th>Type</th><th>Format</th><th>Empty cells</th></tr></thead>
        <tbody>
        {{#columns}}
        <tr><td>{{name}}</td><td>{{type}}</td><td>{{format}}</td><td>{{nullable}}</td></tr>
        {{/columns}}
        </tbody>
        </table></div>
        {{#isNewest}}
        <form class="panel row" action="/datasets/{{segment}}/retype" method="post">
        <label>Column <select name="column">{{#columns}}<option>{{name}}</option>{{/columns}}</select></label>
        <label>Type <select name="type">{{#types}}<option>{{.}}</option>{{/types}}</select></label>
        <label>Order of dates <select name="order"><option value="">found out</option><option value="dmy">day, month, year</option><option value="mdy">month, day, year</option><option value="ymd">year, month, day</option></select></label>
        <label>Format of dates <input type="text" name="format" placeholder="dd/mm/yyyy"></label>
        <label>Decimal sign <select name="decimal"><option value="">found out</option><option value=".">point</option><option value=",">comma</option></select></label>
        <label>Thousands sign <input type="text" name="grouping" maxlength="1"></label>
        <label>Cells that do not fit <select name="misfits"><option value="fail">refuse the change</option><option value="null">become empty</option><option value="remove_row">remove their rows</option></select></label>
        <button>Change the type</button>
        </form>
        {{/isNewest}}
        </section>
        <section>
        <h2 id="rejects">Rejected rows</h2>
        <p class="quiet">{{rejected}} rows could not be read and were kept aside.</p>
        {{#hasRejects}}
        <form action="/datasets/{{segment}}/rejects" method="post">
        {{#rejects}}
        <article class="reject"><p><strong>Line {{line}}{{#upload}} of the upload of version {{.}}{{/upload}}</strong>{{#column}}, column {{column}}{{/column}}: {{reason}}</p>
        {{#isNewest}}
        <label>Row {{number}} <textarea name="text-{{number}}" rows="2" spellcheck="false">
        {{text}}</textarea></label>
        <label class="check"><input type="checkbox" name="admit-{{number}}" value="1"> Let this row in</label>
        {{/isNewest}}
        {{^isNewest}}<pre>{{text}}</pre>{{/isNewest}}
        </article>
        {{/rejects}}
        {{#isNewest}}<p class="actions"><button>Let the chosen rows in</button></p>{{/isNewest}}
        </form>
        {{/hasRejects}}
        {{#rejectsAfter}}<p class="paging"><a rel="next" href="/datasets/{{segment}}?version={{version}}&amp;rejects={{rejectsAfter}}#rejects">Later rejected rows →</a></p>{{/rejectsAfter}}
        </section>
        {{/content}}{{/layout}}
        """#

    static let profile = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/">Data</a> / <a href="/datasets/{{segment}}">{{name}}</a> / Profile</p>
        <h1>Profile of {{name}} <span class="badge">version {{version}}</span></h1>
        <p class="lead">{{rows}} rows. {{range}}.</p>
        <p class="actions"><a class="button" href="/datasets/{{segment}}/correlations?version={{version}}">Correlations</a> <a class="button" href="/datasets/{{segment}}/compare?version={{version}}">Changes</a></p>
        {{#hasSuggestions}}
        <section>
        <h2>Suggestions</h2>
        <p class="actions"><button class="small scripted" data-apply="{{all}}" data-action="/api/v1/datasets/{{segment}}/transform">Apply all</button></p>
        <ul class="suggestions">
        {{#suggestions}}
        <li><span><strong>{{column}}</strong>: {{text}} <em>{{effect}}</em></span> <button class="small scripted" data-apply="{{step}}" data-action="/api/v1/datasets/{{segment}}/transform">{{verb}}</button></li>
        {{/suggestions}}
        </ul>
        <p class="message" role="status" data-message></p>
        </section>
        {{/hasSuggestions}}
        <div class="columns">
        {{#columns}}
        <article class="panel">
        <h2>{{name}} <span class="badge">{{type}}</span></h2>
        {{#warnings}}
        <p class="notice warning">{{.}}</p>
        {{/warnings}}
        {{#histogram}}{{> histogram}}{{/histogram}}
        {{#box}}{{> boxMarks}}{{/box}}
        <dl class="figures">
        {{#figures}}
        <div><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/figures}}
        </dl>
        {{#hasTop}}
        <table class="shares">
        <caption>Most frequent values</caption>
        <tbody>
        {{#top}}
        <tr><th scope="row">{{value}}</th><td class="n">{{count}}</td><td class="n quiet">{{share}}</td><td>{{#bar}}{{> share}}{{/bar}}</td></tr>
        {{/top}}
        </tbody>
        </table>
        {{/hasTop}}
        </article>
        {{/columns}}
        </div>
        <p class="paging">{{#before}}<a rel="prev" href="/datasets/{{segment}}/profile?version={{version}}&amp;from={{before}}">← Earlier columns</a>{{/before}} {{#after}}<a rel="next" href="/datasets/{{segment}}/profile?version={{version}}&amp;from={{after}}">Later columns →</a>{{/after}}</p>
        {{/content}}{{/layout}}
        """#
}
