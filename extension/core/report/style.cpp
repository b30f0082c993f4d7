// How a report looks. Colours derive from Okabe & Ito's palette (2008), darkened or lightened until graphics have a
// contrast of 3:1 and text one of 4.5:1 with the ground of their mode (WCAG 2.1, 1.4.3 and 1.4.11).
#include <array>

#include "core/report/context.hpp"

namespace mmm::page {

namespace {

constexpr std::size_t style_count = 8;

// Lines of the colour of the paper on the field's own, so that fields differ in black and white.
constexpr std::array<const char*, style_count> pattern_lines = {
    "",
    "<path d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\"/>",
    "",
    "<path d=\"M0 4H8\"/>",
    "<path d=\"M-2 6L2 10M0 0L8 8M6 -2L10 2\"/>",
    "<path d=\"M4 0V8\"/>",
    "<path d=\"M1 2h2M5 6h2\"/>",
    "<path d=\"M0 0L8 8M8 0L0 8\"/>",
};

}  // namespace

std::string pattern_definitions() {
    std::string out = "<svg width=\"0\" height=\"0\" class=\"definitions\" aria-hidden=\"true\"><defs>";
    for (std::size_t s = 0; s < style_count; ++s)
        out += "<pattern id=\"fill" + std::to_string(s) +
               "\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect class=\"c" + std::to_string(s) +
               "\" width=\"8\" height=\"8\"/>" + pattern_lines[s] + "</pattern>";
    return out + "</defs></svg>\n";
}

std::string swatch_html(std::size_t style) {
    return "<svg class=\"swatch\" width=\"22\" height=\"14\" aria-hidden=\"true\"><rect width=\"22\" height=\"14\" "
           "fill=\"url(#fill" +
           std::to_string(style) + ")\"/></svg>";
}

const std::string& style_sheet() {
    static const std::string css = R"css(
:root{color-scheme:light dark;--paper:#fff;--panel:#f6f7f8;--ink:#1b1f24;--soft:#56606b;--rule:#d9dde1;--zero:#8b949e;
--accent:#0a5f9e;--band-opacity:.2;--bad:#a3341b;--fair:#7a5600;--good:#00664c;
--c0:#87909a;--c1:#0a5f9e;--c2:#c77700;--c3:#00836a;--c4:#c24f16;--c5:#3f8fc6;--c6:#9c4f80;--c7:#7b7300}
@media screen and (prefers-color-scheme:dark){:root{--paper:#15181c;--panel:#1e2227;--ink:#eceff2;--soft:#a9b3be;
--rule:#343b43;
--zero:#7d8792;--accent:#62b2ea;--band-opacity:.34;--bad:#ff9b80;--fair:#eabb55;--good:#5fd0ac;
--c0:#5d6671;--c1:#4a9fe0;--c2:#f0a93b;--c3:#2dbb93;--c4:#f07f4c;--c5:#9fd3f5;--c6:#d88fbb;--c7:#d2c84e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",
"Noto Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
bdi,h1,.across{overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:40px 20px 64px}
h1{font-size:clamp(26px,4.4vw,38px);line-height:1.15;letter-spacing:-.015em;margin:0 0 8px;text-wrap:balance}
h2{font-size:22px;line-height:1.25;letter-spacing:-.01em;margin:0 0 8px}
h3{font-size:15px;line-height:1.3;margin:0 0 2px}
p{margin:0 0 12px}
.lead{max-width:68ch;color:var(--soft);margin-bottom:20px}
.about{color:var(--soft);margin:0 0 28px}
section{border-top:1px solid var(--rule);margin-top:44px;padding-top:24px}
#summary{border-top:3px solid var(--ink);margin-top:0}
#summary ul{list-style:none;margin:0;padding:0;max-width:70ch;font-size:17px}
#summary li{margin:0 0 12px;padding-left:18px;text-indent:-18px}
#summary li::before{content:"";display:inline-block;width:8px;height:8px;margin-right:10px;background:var(--accent);
text-indent:0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,150px),1fr));gap:20px 28px;margin:0 0 28px}
.figures div{border-left:3px solid var(--accent);padding-left:12px}
.figures dt{color:var(--soft);font-size:14px;line-height:1.35}
.figures dd{margin:0;font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.01em}
.figures dd small{display:block;font-size:13.5px;font-weight:400;letter-spacing:0;color:var(--soft)}
figure{margin:0 0 24px}
figcaption,.note{color:var(--soft);font-size:14px;max-width:76ch}
.key{display:flex;flex-wrap:wrap;gap:6px 20px;align-items:center;list-style:none;margin:0 0 8px;padding:0;
font-size:14px}
.key li{display:flex;align-items:center;gap:7px;max-width:100%}
.key svg{flex:none}
p.key{gap:6px;color:var(--soft);margin:-14px 0 22px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 48px}
.blocks{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,290px),1fr));gap:28px 32px}
.blocks figure{margin:0;max-width:520px}
.blocks p{margin:0 0 4px;color:var(--soft);font-size:13.5px;line-height:1.4}
svg{font-family:inherit}
.chart,.block{display:block;width:100%;height:auto}
.narrow{display:none}
.definitions{position:absolute}
.swatch{vertical-align:-2px}
text{fill:var(--ink);font-size:12px}
.tick,.axis-name{fill:var(--soft);font-size:12px}
.label{font-size:12.5px;font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.letter{font-size:13px;font-weight:700;paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
.grid{stroke:var(--rule);stroke-width:1}
.zero{stroke:var(--zero);stroke-width:1}
.reference{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 3}
.current{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:2 3}
.band{fill:var(--accent);fill-opacity:var(--band-opacity)}
.model{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.actual{fill:none;stroke:var(--ink);stroke-width:3.4;stroke-linecap:round}
.actual.small{stroke-width:2.2}
.holdout{fill:var(--soft);fill-opacity:.16}
.layer{stroke:var(--paper);stroke-width:.5;stroke-linejoin:round}
pattern path{stroke:var(--paper);stroke-width:1.1;stroke-opacity:.65;fill:none}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}
.c6{fill:var(--c6)}.c7{fill:var(--c7)}
.dot{fill:var(--accent);stroke:var(--paper);stroke-width:1.5}
.whisker{stroke:var(--ink);stroke-width:1.5}
.arrow{fill:var(--ink)}
.bar{fill:var(--accent)}
.bar.base{fill:var(--c0)}
.bar.sum{fill:var(--ink)}
.bar.minus{fill:var(--paper);stroke:var(--accent);stroke-width:1.5}
.bar.before{fill:var(--paper);stroke:var(--soft);stroke-width:1.5}
table{width:100%;border-collapse:collapse;margin:0 0 22px;font-size:15px;line-height:1.4}
caption{text-align:left;font-weight:650;padding:0 0 6px}
caption small{font-weight:400;color:var(--soft)}
th,td{text-align:left;vertical-align:middle;padding:7px 12px 7px 0;border-bottom:1px solid var(--rule);font-weight:400}
thead th{color:var(--soft);font-size:13.5px;vertical-align:bottom;border-bottom-color:var(--zero)}
tbody th{min-width:64px}
.number{text-align:right;padding-right:0;padding-left:12px}
td.number small{display:block;color:var(--soft);font-size:13px}
.detail{display:block;color:var(--soft);font-size:13px}
.total th,.total td{font-weight:650}
.graphic{table-layout:fixed}
.graphic th{width:28%}
.graphic .number{width:25%}
.graphic .picture{position:relative;width:47%;height:42px;padding:0}
.graphic thead .picture{height:20px;padding:0}
.mini{position:absolute;inset:0;width:100%;height:100%;overflow:hidden}
.axis{display:block;width:100%;height:18px;overflow:visible}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{white-space:nowrap;font-weight:650}
.ok{color:var(--good)}.warn{color:var(--fair)}.fail{color:var(--bad)}
.number+td:not(.number),.number+th:not(.number,.picture){padding-left:28px}
.stack td.number{white-space:nowrap}
.stack .number small{white-space:normal}
.stack td.across{overflow-wrap:anywhere}
th.across{min-width:9em}
td.across{min-width:14em}
.verdict b{display:inline-block;width:1.5em}
footer{margin-top:44px;border-top:1px solid var(--rule);padding-top:14px;color:var(--soft);font-size:14px;
max-width:76ch}
@media screen and (max-width:720px){
main{padding:24px 16px 48px}
.wide{display:none}.narrow{display:block;max-width:560px}
#summary ul{font-size:16px}
.figures{grid-template-columns:1fr 1fr}
.figures dd{font-size:23px}
.graphic,.graphic tbody,.graphic thead{display:block}
.graphic caption{display:block}
.graphic tr{display:flex;flex-wrap:wrap;align-items:baseline;border-bottom:1px solid var(--rule);padding:6px 0 2px}
.graphic th,.graphic td,.graphic .number{width:auto;border:0;padding-top:0;padding-bottom:0}
.graphic tbody th{flex:1 1 auto;min-width:0;max-width:100%}
.graphic .number{flex:0 1 auto;margin-left:auto;text-align:right}
.graphic .picture,.graphic thead .picture{order:3;flex:0 0 100%;height:36px}
.graphic thead .picture{height:18px}
.graphic td.number small{display:inline;margin-left:4px}
}
@media screen and (max-width:860px){
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack,.stack tbody{display:block}
.stack caption{display:block}
.stack tr{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:2px 12px;
border-bottom:1px solid var(--rule);padding:8px 0}
.stack th,.stack td{border:0;padding:0}
.stack .across{grid-column:1/-1;min-width:0}
.stack td.number{white-space:normal}
.stack td[data-name]::before{content:attr(data-name) " ";color:var(--soft);font-size:13px}
.stack td.number{text-align:left}
.number+td:not(.number){padding-left:0}
}
@media print{
@page{margin:14mm}
body{font-size:11pt}
main{max-width:none;padding:0}
section{margin-top:22px;padding-top:14px}
figure,tr,.figures div,li{break-inside:avoid}
h2,h3,caption{break-after:avoid}
table{font-size:9.5pt}
th,td{padding-right:8px}
.number{padding-left:6px}
.blocks{grid-template-columns:repeat(3,1fr);gap:14px 18px}
.pair{grid-template-columns:1fr 1fr;gap:0 24px}
}
)css";
    return css;
}

}  // namespace mmm::page
