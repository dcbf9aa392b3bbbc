/// The one style sheet, and the icon.
enum PageStyle {
    static let icon = #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5f8b"/><path fill="#fff" d="M3 9h2v4H3zM7 6h2v7H7zM11 3h2v10h-2z"/></svg>
        """#

    static let text = #"""
        :root {
          color-scheme: light dark;
          --paper: #fbfbfa; --panel: #ffffff; --ink: #1d2327; --quiet: #5c666d; --rule: #dde1e3; --soft: #f0f2f3;
          --accent: #1f5f8b; --on-accent: #ffffff; --bar: #5b95bd; --loss: #c0795b;
          --good: #23703f; --good-soft: #e3f2e8; --warn: #835400; --warn-soft: #fcf1d9; --bad: #a32020; --bad-soft: #fbe7e6;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14181b; --panel: #1b2024; --ink: #e4e8ea; --quiet: #9aa5ad; --rule: #30383e; --soft: #22292e;
            --accent: #7db7de; --on-accent: #10202b; --bar: #4d86ad; --loss: #b56e52;
            --good: #7fcf9a; --good-soft: #193324; --warn: #e5b963; --warn-soft: #372c14; --bad: #f09a94; --bad-soft: #3b1c1b;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        body { margin: 0; background: var(--paper); color: var(--ink); }
        main, footer, header.top nav { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
        main { padding-bottom: 2.5rem; }
        header.top { border-bottom: 1px solid var(--rule); background: var(--panel); }
        header.top nav { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; padding-top: .7rem; padding-bottom: .7rem; }
        header.top a { color: var(--quiet); text-decoration: none; padding: .15rem 0; border-bottom: 2px solid transparent; }
        header.top a:hover { color: var(--ink); }
        header.top a[aria-current] { color: var(--ink); border-color: var(--accent); }
        header.top a.brand { color: var(--ink); font-weight: 650; margin-right: .75rem; }
        footer { color: var(--quiet); font-size: .85rem; padding-top: 1rem; padding-bottom: 2rem; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--panel); padding: .3rem .6rem; z-index: 2; }
        a { color: var(--accent); text-underline-offset: .15em; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.4rem 0 .8rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; overflow-wrap: anywhere; }
        h3 { font-size: 1rem; margin: 1.1rem 0 .4rem; }
        p { margin: .5rem 0; }
        .lead { color: var(--quiet); max-width: 48rem; }
        .quiet, caption, figcaption, small { color: var(--quiet); }
        .trail { margin: 1.2rem 0 -.9rem; font-size: .9rem; color: var(--quiet); }
        code, pre { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        code.block, pre { display: block; background: var(--soft); border-radius: 4px; padding: .5rem .7rem; margin: .3rem 0; white-space: pre-wrap; max-height: 12rem; overflow: auto; }
        .lines { white-space: pre-line; }

        .facts, .figures { display: grid; margin: .6rem 0 1rem; }
        .facts { grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .6rem 1.5rem; }
        .facts dt, .figures dt { color: var(--quiet); font-size: .82rem; }
        .facts dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .facts .long { grid-column: span 2; }
        .figures { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .35rem 1rem; }
        .figures dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }

        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; }
        caption { text-align: left; font-size: .85rem; padding: .2rem 0 .4rem; }
        th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
        th:first-child, td:first-child { padding-left: .2rem; }
        thead th { color: var(--quiet); font-weight: 500; font-size: .85rem; white-space: nowrap; }
        tbody th { font-weight: 500; }
        th small, td small { display: block; font-size: .78rem; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .cells td { white-space: pre; max-width: 24rem; overflow: hidden; text-overflow: ellipsis; }
        .cells tbody tr:hover { background: var(--soft); }
        .cells thead th { color: var(--ink); }
        .null { color: var(--quiet); font-style: italic; font-size: .85em; opacity: .8; }
        .shares { width: auto; min-width: 60%; }
        .shares th[scope=row] { overflow-wrap: anywhere; min-width: 5.5rem; max-width: 18rem; }
        td.wide { min-width: 16rem; }
        td.quiet:not([colspan]) { white-space: nowrap; }
        .confusion { width: auto; }
        .confusion caption { white-space: nowrap; }
        .confusion .right { background: var(--good-soft); }

        .panel { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: .9rem 1.1rem; margin: .6rem 0 1rem; }
        .panel > h2:first-child, .panel > h3:first-child { margin-top: 0; }
        .columns { columns: 26rem; column-gap: 1rem; }
        .columns .panel { margin: 0 0 1rem; break-inside: avoid; }
        .beside { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
        .beside > * { flex: 1 1 18rem; min-width: 0; }
        .row { display: flex; flex-wrap: wrap; gap: .8rem 1.2rem; align-items: end; }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .8rem 1.2rem; align-items: end; }
        .grid .message, .row .message { grid-column: 1 / -1; flex-basis: 100%; margin: 0; }
        .message:empty { display: none; }
        .message.failed { color: var(--bad); }
        label { display: block; font-size: .85rem; color: var(--quiet); min-width: 0; overflow-wrap: anywhere; }
        form.panel:not(.row):not(.grid) label { margin: .5rem 0; }
        input, select, textarea { display: block; width: 100%; margin-top: .2rem; font: inherit; font-size: .95rem; color: var(--ink); background: var(--paper); border: 1px solid var(--rule); border-radius: 4px; padding: .38rem .5rem; }
        input, select { height: 2.3rem; }
        select[multiple] { height: auto; }
        input[type=file] { border: 0; padding: .3rem 0; background: none; }
        button, .button { display: inline-block; font: inherit; font-size: .93rem; text-decoration: none; cursor: pointer; border-radius: 4px; padding: .4rem .9rem; border: 1px solid var(--accent); }
        button { background: var(--accent); color: var(--on-accent); }
        button:disabled { opacity: .55; cursor: default; }
        .button { color: var(--accent); background: none; }
        .button:hover { background: var(--soft); }
        button.small { font-size: .82rem; padding: .15rem .6rem; }
        .actions { display: flex; flex-wrap: wrap; gap: .6rem; margin: .6rem 0 1rem; }
        .actions:empty { display: none; }
        .scripted { display: none; }
        .script .scripted { display: revert; }

        .badge { display: inline-block; font-size: .78rem; font-weight: 500; line-height: 1.4; padding: .05rem .5rem; border-radius: 1rem; background: var(--soft); color: var(--quiet); vertical-align: middle; white-space: nowrap; }
        .badge.good, .badge.ready, .badge.resolved, .badge.done, .badge.sent, .badge.notified { background: var(--good-soft); color: var(--good); }
        .badge.warning, .badge.pending, .badge.acknowledged, .badge.queued, .badge.running { background: var(--warn-soft); color: var(--warn); }
        .badge.bad, .badge.critical, .badge.firing, .badge.open, .badge.opened, .badge.failed, .badge.dead { background: var(--bad-soft); color: var(--bad); }
        .notice { border-left: 3px solid var(--rule); background: var(--soft); padding: .4rem .8rem; border-radius: 0 4px 4px 0; }
        .notice.warning { border-color: var(--warn); background: var(--warn-soft); }
        .notice.critical { border-color: var(--bad); background: var(--bad-soft); }
        .chip { display: inline-block; border: 1px solid var(--rule); border-radius: 1rem; padding: .05rem .7rem; text-decoration: none; }
        .paging { display: flex; justify-content: space-between; }
        .suggestions { max-width: 60rem; }
        .suggestions + .message { margin-bottom: 1rem; }
        .columns { margin-top: 1.2rem; }
        .reasons, .suggestions { padding-left: 1.1rem; margin: .4rem 0; }
        .suggestions li { margin: .35rem 0; }
        .timeline { list-style: none; padding: 0 0 0 1rem; border-left: 2px solid var(--rule); }
        .timeline li { margin: .45rem 0; overflow-wrap: anywhere; }

        .chart { margin: .4rem 0 .8rem; }
        .chart svg { display: block; width: 100%; height: auto; }
        .chart.wide { max-width: 40rem; }
        .chart figcaption { display: flex; justify-content: space-between; gap: 1rem; font-size: .8rem; font-variant-numeric: tabular-nums; }
        .share { width: 10rem; height: .6rem; display: block; margin-top: .4rem; }
        .bar { fill: var(--bar); }
        .loss { fill: var(--loss); }
        .before { fill: var(--quiet); fill-opacity: .45; }
        .label { fill: var(--quiet); font-size: 11px; }
        .box { display: block; width: 100%; height: auto; margin: -.3rem 0 .8rem; }
        .whisker { stroke: var(--quiet); stroke-width: 1; }
        .middle { fill: var(--soft); stroke: var(--quiet); stroke-width: 1; }
        .median { stroke: var(--accent); stroke-width: 2; }
        .axis { stroke: var(--rule); stroke-width: 1; }
        .reference { fill: none; stroke: var(--quiet); stroke-opacity: .6; stroke-width: 1.5; stroke-dasharray: 4 3; }
        .curve { max-width: 24rem; }
        .line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
        .dot { fill: var(--accent); }
        progress { width: 100%; height: .8rem; accent-color: var(--accent); }
        .result { font-size: 1.3rem; font-weight: 600; }
        @media (max-width: 40rem) { .facts .long { grid-column: auto; } main, footer, header.top nav { padding-left: .9rem; padding-right: .9rem; } }
        """#
}
