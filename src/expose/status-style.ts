// How the pages look: one style sheet, in light and dark, from a phone's width up. System fonts; nothing is loaded.
// Holds none of the characters that are escaped in markup, so it can be put into a page as any other text.

export const style = `
:root{--back:#f7f7f5;--card:#fff;--text:#1c2127;--soft:#565e69;--line:#dcdedf;--link:#1a5a9e;--bar:#5586b5;--ref:#1c2127;--bad:#a3261f;--bad-back:#fbeceb;--note:#7a4a00;--note-back:#fbf3e2;--good:#1f6a3c;--good-back:#e8f4ec}
@media (prefers-color-scheme:dark){:root{--back:#14171a;--card:#1c2024;--text:#e3e6e9;--soft:#a3abb5;--line:#343a41;--link:#86b9ee;--bar:#6797c6;--ref:#fff;--bad:#ff9a92;--bad-back:#3a1f1e;--note:#ecbd6d;--note-back:#332a18;--good:#82cb9d;--good-back:#1b2e22}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:74rem;padding:0 1.25rem 2rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
header{display:flex;flex-wrap:wrap;gap:.25rem 2rem;align-items:baseline;justify-content:space-between;padding:.9rem 0;border-bottom:1px solid var(--line)}
.brand{margin:0;font-weight:600}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
h1{font-size:1.6rem;line-height:1.25;font-weight:650;margin:1.6rem 0 .25rem}
h2{font-size:1.2rem;line-height:1.3;font-weight:650;margin:2.4rem 0 .6rem}
h3{font-size:1rem;font-weight:650;margin:1.5rem 0 .6rem}
h4{font-size:.95rem;font-weight:650;margin:0;line-height:1.35}
p{margin:.4rem 0}
bdi,.pre{white-space:pre-wrap}
.soft,caption,.small{color:var(--soft)}
.small,caption{font-size:.875rem}
.odd{font-size:.75em;color:var(--note);border:1px solid currentColor;border-radius:3px;padding:0 .25em;margin:0 .1em;white-space:nowrap}
.health{list-style:none;margin:.8rem 0 0;padding:0;display:grid;gap:.4rem}
.health li{padding:.5rem .8rem;border-radius:6px;border-left:4px solid var(--note);background:var(--note-back)}
.health .problem{border-color:var(--bad);background:var(--bad-back)}
.health .well{border-color:var(--good);background:var(--good-back)}
.health strong{color:var(--note);margin-right:.35em}
.health .problem strong{color:var(--bad)}
.health .well strong{color:var(--good)}
.flag{color:var(--note)}
.bad{color:var(--bad)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:.9375rem;overflow-wrap:normal}
caption{text-align:left;padding:.55rem .8rem 0}
th,td{padding:.42rem .8rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;color:var(--soft);font-size:.8125rem;white-space:nowrap;vertical-align:bottom}
tbody th{min-width:9rem;max-width:22rem;overflow-wrap:anywhere}
.number,.numbers td,.numbers th+th{text-align:right;white-space:nowrap}
td.text{min-width:11rem;max-width:30rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.4rem 0}
dt{color:var(--soft)}
dd{margin:0}
pre{margin:.4rem 0;padding:.6rem .8rem;background:var(--bad-back);border-radius:6px;white-space:pre-wrap;font:.875rem/1.5 ui-monospace,SFMono-Regular,Consolas,monospace}
h1+.scroll{margin-top:.9rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:0 2rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.8rem}
.card{min-width:0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.75rem .85rem}
.alarm{border-left:4px solid var(--bad)}
.card p{margin:.1rem 0;font-size:.875rem}
.card dl{grid-template-columns:repeat(3,1fr);gap:.15rem .6rem;margin:.45rem 0 .2rem;font-size:.8125rem}
.card dl div{min-width:0}
.card dd{font-size:.875rem}
.chart{display:block;width:100%;height:4.25rem;margin-top:.5rem;border-bottom:1px solid var(--soft)}
.chart path,.bar path{fill:var(--bar)}
.chart .ref,.bar .ref{fill:none;stroke:var(--ref);stroke-width:1.6px;vector-effect:non-scaling-stroke}
.ends{display:flex;justify-content:space-between;gap:1rem;font-size:.75rem;color:var(--soft)}
.bars{margin-top:.45rem;font-size:.8125rem}
.bars caption,.hidden{position:absolute;width:1px;height:1px;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.bars th,.bars td{border:0;padding:.05rem 0}
.bars th{min-width:0;max-width:7rem;width:36%;padding-right:.6rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bars bdi{white-space:pre}
.bars .number{padding-left:.5rem;width:3.6rem}
.bars thead{font-size:.75rem;color:var(--soft)}
.bars thead th{font-size:inherit;padding-right:0}
.bar{display:block;width:100%;height:.8rem;margin-top:.22rem}
.causes{padding-left:1.1rem;margin:.4rem 0}
.causes li{margin:.3rem 0}
details{margin-top:.4rem;font-size:.8125rem}
summary{cursor:pointer;color:var(--link);width:fit-content}
details .scroll{margin-top:.4rem;max-height:20rem;overflow-y:auto}
details table{font-size:.8125rem}
details th,details td{padding:.2rem .5rem}
details tbody th{min-width:0}
footer{margin-top:3rem;padding-top:.8rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
@media (max-width:36rem){body{padding:0 .9rem 2rem}h1{font-size:1.35rem}th,td{padding:.4rem .5rem}caption{padding:.5rem .5rem 0}tbody th{min-width:5rem;max-width:11rem}
.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stacked table,.stacked caption,.stacked tbody{display:block}
.stacked tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(5.6rem,1fr));gap:.15rem .6rem;padding:.6rem;border-top:1px solid var(--line)}
.stacked th,.stacked td{border:0;padding:0;text-align:left;min-width:0;max-width:none}
.stacked th,.stacked td.text{grid-column:1/-1}
.stacked tbody th{font-weight:600}
.stacked tbody th .small{font-weight:400}
.stacked td::before{content:attr(data-label);display:block;color:var(--soft);font-size:.75rem}}
@media print{nav,.skip{display:none}}
`;
