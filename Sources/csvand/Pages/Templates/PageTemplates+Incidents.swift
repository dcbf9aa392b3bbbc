extension PageTemplates {
    static let incidents = #"""
        {{<layout}}{{$content}}
        <h1>Incidents</h1>
        <div class="scroll"><table>
        <thead><tr><th class="n">#</th><th>Incident</th><th>State</th><th>Severity</th><th>Rule</th><th>Opened</th><th>Resolved</th></tr></thead>
        <tbody>
        {{#incidents}}
        <tr><td class="n">{{number}}</td><td><a href="/incidents/{{number}}">{{heading}}</a></td><td><span class="badge {{state}}">{{state}}</span></td><td><span class="badge {{severity}}">{{severity}}</span></td><td>{{rule}}</td><td class="quiet">{{opened}}</td><td class="quiet">{{resolved}}</td></tr>
        {{/incidents}}
        {{^incidents}}
        <tr><td colspan="7" class="quiet">No incident.</td></tr>
        {{/incidents}}
        </tbody>
        </table></div>
        <p class="paging">{{#after}}<a rel="next" href="/incidents?after={{after}}">Older incidents →</a>{{/after}}</p>
        {{/content}}{{/layout}}
        """#

    static let incident = #"""
        {{<layout}}{{$content}}
        <p class="trail"><a href="/incidents">Incidents</a> / {{number}}</p>
        <h1>{{heading}} <span class="badge {{state}}">{{state}}</span> <span class="badge {{severity}}">{{severity}}</span></h1>
        {{#summary}}<p class="lead">{{summary}}</p>{{/summary}}
        <dl class="facts">
        {{#facts}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/facts}}
        </dl>
        <p class="actions"><a class="button" href="/api/v1/incidents/{{number}}/postmortem?lang=en">Post-mortem</a> <a class="button" href="/api/v1/incidents/{{number}}/postmortem?lang=fr" hreflang="fr">Post-mortem in French</a>{{#runbook}} <a class="button" href="{{runbook}}" rel="noreferrer">Runbook</a>{{/runbook}}</p>
        {{#hasFindings}}
        <section>
        <h2>Findings</h2>
        {{#findings}}
        <h3>{{label}}</h3>
        <p class="lines">{{text}}</p>
        {{/findings}}
        </section>
        {{/hasFindings}}
        <section>
        <h2>Evidence</h2>
        {{#expression}}
        <p><code class="block">{{.}}</code></p>
        {{/expression}}
        <p>The value was <strong>{{value}}</strong> when it opened.</p>
        {{#charts}}
        {{> sparkline}}
        {{/charts}}
        <dl class="facts">
        {{#evidence}}
        <div{{#isLong}} class="long"{{/isLong}}><dt>{{label}}</dt><dd>{{text}}</dd></div>
        {{/evidence}}
        </dl>
        {{#hasErrors}}
        <h3>Last errors before</h3>
        <div class="scroll"><table>
        <thead><tr><th>Time</th><th>Type</th><th>Code</th><th>Route</th><th>Request</th><th>What happened</th></tr></thead>
        <tbody>
        {{#errors}}
        <tr><td class="quiet">{{at}}</td><td>{{type}}</td><td><code>{{code}}</code></td><td><code>{{route}}</code></td><td><code>{{request}}</code></td><td>{{text}}</td></tr>
        {{/errors}}
        </tbody>
        </table></div>
        {{/hasErrors}}
        {{#hasRecords}}
        <h3>Records of the journal</h3>
        <div class="scroll"><table>
        <thead><tr><th>Time</th><th>Request</th><th>Record</th></tr></thead>
        <tbody>
        {{#records}}
        <tr><td class="quiet">{{at}}</td><td><code>{{request}}</code></td><td>{{text}}</td></tr>
        {{/records}}
        </tbody>
        </table></div>
        {{/hasRecords}}
        </section>
        <section>
        <h2>Timeline</h2>
        <ol class="timeline">
        {{#steps}}
        <li><span class="quiet">{{at}}</span> <span class="badge {{kind}}">{{kind}}</span> {{text}} <span class="quiet">{{by}}</span></li>
        {{/steps}}
        </ol>
        {{#hasMessages}}
        <h3>Messages</h3>
        <div class="scroll"><table>
        <thead><tr><th>Receiver</th><th>State</th><th class="n">Attempts</th><th>Last error</th></tr></thead>
        <tbody>
        {{#messages}}
        <tr><td>{{receiver}}</td><td><span class="badge {{state}}">{{state}}</span></td><td class="n">{{attempts}}</td><td>{{failure}}</td></tr>
        {{/messages}}
        </tbody>
        </table></div>
        {{/hasMessages}}
        </section>
        {{#isUnresolved}}
        <section class="scripted">
        <h2>Act</h2>
        <div class="beside">
        {{#isOpen}}
        <form class="panel" action="/api/v1/incidents/{{number}}/ack" method="post" data-form="json">
        <h3>Acknowledge</h3>
        <label>By <input type="text" name="by" autocomplete="name"></label>
        <label>Comment <input type="text" name="comment"></label>
        <button>Acknowledge</button>
        <p class="message" role="status" data-message></p>
        </form>
        {{/isOpen}}
        <form class="panel" action="/api/v1/incidents/{{number}}/notes" method="post" data-form="json">
        <h3>Note</h3>
        <label>By <input type="text" name="by" autocomplete="name"></label>
        <label>Text <textarea name="text" rows="2" required></textarea></label>
        <button>Add the note</button>
        <p class="message" role="status" data-message></p>
        </form>
        <form class="panel" action="/api/v1/incidents/{{number}}/resolve" method="post" data-form="json">
        <h3>Resolve</h3>
        <label>By <input type="text" name="by" autocomplete="name"></label>
        <label>Cause <textarea name="cause" rows="2"></textarea></label>
        <label>Impact <textarea name="impact" rows="2"></textarea></label>
        <label>Actions <textarea name="actions" rows="2"></textarea></label>
        <label>Prevention <textarea name="prevention" rows="2"></textarea></label>
        <button>Resolve</button>
        <p class="message" role="status" data-message></p>
        </form>
        </div>
        </section>
        {{/isUnresolved}}
        {{/content}}{{/layout}}
        """#

    static let alerts = #"""
        {{<layout}}{{$content}}
        <h1>Alerts</h1>
        <section>
        <h2>Active</h2>
        <div class="scroll"><table>
        <thead><tr><th>Rule</th><th>State</th><th>Labels</th><th class="n">Value</th><th>Since</th><th>Incident</th></tr></thead>
        <tbody>
        {{#alerts}}
        <tr><td>{{rule}}</td><td><span class="badge {{state}}">{{state}}</span></td><td class="wide"><code>{{labels}}</code></td><td class="n">{{value}}</td><td class="quiet">{{since}}</td><td>{{#incident}}<a href="/incidents/{{incident}}">{{incident}}</a>{{/incident}}</td></tr>
        {{/alerts}}
        {{^alerts}}
        <tr><td colspan="6" class="quiet">Nothing is active.</td></tr>
        {{/alerts}}
        </tbody>
        </table></div>
        </section>
        <section>
        <h2>Rules</h2>
        <div class="scroll"><table>
        <thead><tr><th>Rule</th><th>State</th><th>Severity</th><th>Expression</th><th class="n">For</th><th class="n">Value</th><th>Evaluated</th></tr></thead>
        <tbody>
        {{#rules}}
        <tr><td>{{name}}<small>{{group}}</small></td><td><span class="badge {{state}}">{{state}}</span></td><td><span class="badge {{severity}}">{{severity}}</span></td><td class="wide"><code>{{expression}}</code></td><td class="n">{{waits}}</td><td class="n">{{value}}</td><td class="quiet">{{evaluated}}</td></tr>
        {{/rules}}
        {{^rules}}
        <tr><td colspan="7" class="quiet">No rule is loaded.</td></tr>
        {{/rules}}
        </tbody>
        </table></div>
        </section>
        <section>
        <h2>Silences</h2>
        <div class="scroll"><table>
        <thead><tr><th>Matchers</th><th>State</th><th>Until</th><th>By</th><th>Comment</th></tr></thead>
        <tbody>
        {{#silences}}
        <tr><td class="wide"><code>{{matchers}}</code></td><td><span class="badge {{state}}">{{state}}</span></td><td class="quiet">{{ends}}</td><td>{{by}}</td><td>{{comment}}</td></tr>
        {{/silences}}
        {{^silences}}
        <tr><td colspan="5" class="quiet">No silence.</td></tr>
        {{/silences}}
        </tbody>
        </table></div>
        </section>
        {{/content}}{{/layout}}
        """#
}
