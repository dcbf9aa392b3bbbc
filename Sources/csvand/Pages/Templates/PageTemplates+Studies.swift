extension PageTemplates {
    static let correlations = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/">Data</a> / <a href="/datasets/{{segment}}">{{name}}</a> / Correlations</p>
        <h1>Correlations of {{name}} <span class="badge">version {{version}}</span></h1>
        <p class="lead">{{rows}} rows. Full colour is a pair that goes together entirely, the other colour one that runs against each other.</p>
        <form class="panel row" method="get" action="/datasets/{{segment}}/correlations">
        <input type="hidden" name="version" value="{{version}}">
        <label>To be predicted <select name="target"><option value="">none</option>{{#targets}}<option{{#isChosen}} selected{{/isChosen}}>{{name}}</option>{{/targets}}</select></label>
        <button>Look for what gives it away</button>
        </form>
        {{#warnings}}
        <p class="notice warning">{{.}}</p>
        {{/warnings}}
        {{#map}}{{> correlationMap}}{{/map}}
        {{#note}}<p class="quiet">{{note}}</p>{{/note}}
        <section>
        <h2>Strongest pairs</h2>
        <div class="scroll"><table>
        <thead><tr><th>Column</th><th>With</th><th>Measure</th><th class="n">Value</th><th class="n">Spearman</th><th class="n">Rows</th><th></th></tr></thead>
        <tbody>
        {{#pairs}}
        <tr><td>{{first}}</td><td>{{second}}</td><td>{{measure}}</td><td class="n">{{value}}</td><td class="n">{{spearman}}</td><td class="n">{{rows}}</td><td>{{#bar}}{{> share}}{{/bar}}</td></tr>
        {{/pairs}}
        {{^hasPairs}}
        <tr><td colspan="7" class="quiet">No two columns can be compared.</td></tr>
        {{/hasPairs}}
        </tbody>
        </table></div>
        <ul class="reasons quiet">
        {{#leftOut}}
        <li>Left out {{.}}</li>
        {{/leftOut}}
        </ul>
        </section>
        {{/content}}{{/layout}}
        """#

    static let correlationMap = #"""
        <figure class="chart wide">
        <svg viewBox="0 0 {{width}} {{height}}" role="img" aria-label="{{caption}}">
        {{#heads}}
        <text class="label" x="{{x}}" y="{{y}}" text-anchor="middle">{{text}}</text>
        {{/heads}}
        {{#names}}
        <text class="label" x="{{x}}" y="{{y}}" text-anchor="end">{{text}}</text>
        {{/names}}
        {{#cells}}
        <rect class="cell {{#isNegative}}loss{{/isNegative}}{{^isNegative}}bar{{/isNegative}}" x="{{x}}" y="{{y}}" width="21" height="21" fill-opacity="{{strength}}"><title>{{tip}}</title></rect>
        {{/cells}}
        </svg>
        </figure>
        """#

    static let comparison = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/">Data</a> / <a href="/datasets/{{segment}}">{{name}}</a> / Changes</p>
        <h1>Changes of {{name}} <span class="badge">version {{version}}</span></h1>
        <form class="panel row" method="get" action="/datasets/{{segment}}/compare">
        <input type="hidden" name="version" value="{{version}}">
        <label>Against <input type="text" name="with" value="{{with}}" placeholder="2, other, other@2" required></label>
        <button>Compare</button>
        </form>
        {{^result}}<p class="quiet">This is the first version: name another dataset to compare it with.</p>{{/result}}
        {{#result}}
        <p class="lead">Since {{before}}: <span class="badge {{badge}}">{{verdict}}</span> Rows {{rows}}.</p>
        <div class="scroll"><table>
        <caption>A column is stable below a stability index (PSI) of 0.1, moderate below 0.2, else marked</caption>
        <thead><tr><th>Column</th><th>Verdict</th><th>Type</th><th class="n">PSI</th><th class="n">KS</th><th class="n">Empty</th><th class="n">Mean</th><th>Values</th></tr></thead>
        <tbody>
        {{#columns}}
        <tr><td>{{name}}</td><td><span class="badge {{badge}}">{{verdict}}</span></td><td>{{type}}</td><td class="n">{{psi}}</td><td class="n">{{ks}}</td><td class="n">{{nulls}}</td><td class="n">{{mean}}</td><td>{{news}}</td></tr>
        {{/columns}}
        </tbody>
        </table></div>
        <div class="columns">
        {{#pictures}}
        <article class="panel">
        <h2>{{name}} <span class="badge {{badge}}">{{verdict}}</span></h2>
        {{#chart}}{{> shift}}{{/chart}}
        {{#newValues}}<p><strong>New:</strong> {{newValues}}</p>{{/newValues}}
        {{#goneValues}}<p><strong>Gone:</strong> {{goneValues}}</p>{{/goneValues}}
        </article>
        {{/pictures}}
        </div>
        {{/result}}
        {{/content}}{{/layout}}
        """#

    static let shift = #"""
        <figure class="chart">
        <svg viewBox="0 0 320 97" role="img" aria-label="{{caption}}">
        {{#bins}}
        <g><title>{{tip}}</title><rect class="before" x="{{beforeX}}" y="{{beforeY}}" width="{{width}}" height="{{beforeHeight}}"/><rect class="bar" x="{{afterX}}" y="{{afterY}}" width="{{width}}" height="{{afterHeight}}"/></g>
        {{/bins}}
        <line class="axis" x1="0" y1="96.5" x2="320" y2="96.5"/>
        </svg>
        <figcaption><span>{{first}}</span><span>before (grey), after</span><span>{{last}}</span></figcaption>
        </figure>
        """#

    static let boxMarks = #"""
        <svg class="box" viewBox="0 0 320 14" role="img" aria-label="{{caption}}"><title>{{caption}}</title><line class="whisker" x1="{{low}}" y1="7" x2="{{high}}" y2="7"/><rect class="middle" x="{{boxX}}" y="2" width="{{boxWidth}}" height="10"/><line class="median" x1="{{median}}" y1="0" x2="{{median}}" y2="14"/></svg>
        """#
}
