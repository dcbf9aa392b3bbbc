extension PageTemplates {
    static let layout = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{frame.title}} · csvand</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/style.css">
        <script src="/assets/app.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
        <nav aria-label="Main">
        <a class="brand" href="/">csvand</a>
        <a href="/"{{#frame.inOverview}} aria-current="page"{{/frame.inOverview}}>Data</a>
        <a href="/models"{{#frame.inModels}} aria-current="page"{{/frame.inModels}}>Models</a>
        <a href="/incidents"{{#frame.inIncidents}} aria-current="page"{{/frame.inIncidents}}>Incidents</a>
        <a href="/alerts"{{#frame.inAlerts}} aria-current="page"{{/frame.inAlerts}}>Alerts</a>
        </nav>
        </header>
        <main id="content">
        {{$content}}{{/content}}
        </main>
        <footer>csvand {{frame.version}} · <a href="/metrics">Metrics</a> · <a href="/openapi.json">OpenAPI</a> · <a href="/healthz">Health</a> · <a href="/login">Sign in or out</a></footer>
        </body>
        </html>
        """#

    static let histogram = #"""
        <figure class="chart">
        <svg viewBox="0 0 320 97" role="img" aria-label="{{caption}}">
        {{#bars}}
        <rect class="bar" x="{{x}}" y="{{y}}" width="{{width}}" height="{{height}}"><title>{{tip}}</title></rect>
        {{/bars}}
        <line class="axis" x1="0" y1="96.5" x2="320" y2="96.5"/>
        </svg>
        <figcaption><span>{{lowest}}</span><span>{{highest}}</span></figcaption>
        </figure>
        """#

    static let share = #"""
        <svg class="share" viewBox="0 0 160 10" aria-hidden="true"><rect class="{{#isNegative}}loss{{/isNegative}}{{^isNegative}}bar{{/isNegative}}" width="{{length}}" height="10"/></svg>
        """#

    static let sparkline = #"""
        <figure class="chart wide">
        <figcaption><code>{{name}}</code><span>{{smallest}} to {{largest}}, last {{latest}}</span></figcaption>
        <svg viewBox="0 0 480 80" role="img" aria-label="{{name}} from {{from}} to {{to}}">
        <line class="axis" x1="0" y1="79.5" x2="480" y2="79.5"/>
        <polyline class="line" points="{{points}}"/>
        <circle class="dot" cx="{{lastX}}" cy="{{lastY}}" r="3.5"/>
        </svg>
        <figcaption><span>{{from}}</span><span>{{to}}</span></figcaption>
        </figure>
        """#

    static let login = #"""
        {{<layout}}{{$content}}
        <h1>Sign in</h1>
        {{#name}}
        <p class="lead">You are signed in with the token {{name}}.</p>
        <form class="panel" action="/logout" method="post"><button>Sign out</button></form>
        {{/name}}
        {{^name}}
        <form class="panel" action="/login" method="post">
        <input type="hidden" name="next" value="{{next}}">
        <label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
        <button>Sign in</button>
        {{#failure}}<p class="message" role="alert">{{failure}}</p>{{/failure}}
        </form>
        <p class="quiet">A token is made on the machine itself: <code>csvctl tokens create NAME --role editor</code>.</p>
        {{/name}}
        {{/content}}{{/layout}}
        """#

    static let problem = #"""
        {{<layout}}{{$content}}
        <h1>{{heading}}</h1>
        <p class="lead">{{detail}}</p>
        <p>{{remedy}}</p>
        <p class="quiet">{{status}} · <code>{{code}}</code></p>
        <p><a href="/">To the overview</a></p>
        {{/content}}{{/layout}}
        """#
}
