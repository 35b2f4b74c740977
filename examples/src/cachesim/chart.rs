use std::fmt::Write;

use super::{Measure, Results, run::OPTIMAL, table::grouped};

/// Of the picture, and of the curves in it.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 660.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 464.0;

/// Colours that most people can tell apart.
const COLOURS: [&str; 9] =
    ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#e07b00", "#009e73", "#7a5195"];

/// Miss-ratio curves: the size of the cache to the right (logarithmic), the share of requests that find nothing upwards, a curve for
/// each policy. One file that needs no other; it follows the colours of the reader's system, light or dark.
#[must_use]
pub fn svg(results: &Results, measure: Measure, title: &str) -> String {
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="12" role="img">
<style>:root {{ color: #222; background: #fff }} text {{ fill: currentColor }} .grid {{ stroke: currentColor; opacity: .15 }} @media (prefers-color-scheme: dark) {{ :root {{ color: #ddd; background: #16181c }} }}</style>
<title>{title}</title>
<text x="{LEFT}" y="26" font-size="16" font-weight="600">{title}</text>
"#,
        title = escaped(title)
    );
    grid(&mut out, results, measure);
    let mut colours = COLOURS.iter().cycle();
    // From the best on, so that the list beside the curves is in their order.
    let mut rows: Vec<_> = results.rows.iter().collect();
    let total = |row: &(String, Vec<_>)| row.1.iter().map(|found| measure.hit_ratio(found)).sum::<f64>();
    rows.sort_by(|one, other| total(other).total_cmp(&total(one)));
    let mut line = TOP + 12.0;
    for (name, found) in rows {
        let (colour, dashes) = match name.as_str() {
            OPTIMAL => ("currentColor", "5 4"),
            _ => (*colours.next().unwrap_or(&"currentColor"), "none"),
        };
        let points: Vec<String> = results
            .sizes
            .iter()
            .zip(found)
            .map(|(&size, found)| format!("{:.1},{:.1}", x(results, size), y(1.0 - measure.hit_ratio(found))))
            .collect();
        let style =
            format!(r#"fill="none" stroke="{colour}" stroke-width="1.8" stroke-dasharray="{dashes}""#);
        push(&mut out, &format!(r#"<polyline points="{}" {style}/>"#, points.join(" ")));
        for point in &points {
            let (x, y) = point.split_once(',').unwrap_or((point, "0"));
            push(&mut out, &format!(r#"<circle cx="{x}" cy="{y}" r="2.6" fill="{colour}"/>"#));
        }
        let (from, to) = (RIGHT + 16.0, RIGHT + 40.0);
        push(&mut out, &format!(r#"<line x1="{from}" x2="{to}" y1="{line}" y2="{line}" {style}/>"#));
        push(&mut out, &format!(r#"<text x="{}" y="{}">{}</text>"#, to + 8.0, line + 4.0, escaped(name)));
        line += 20.0;
    }
    out.push_str("</svg>\n");
    out
}

/// The lines that curves are read by, and what they say.
fn grid(out: &mut String, results: &Results, measure: Measure) {
    for percent in (0..=100).step_by(20) {
        let y = y(f64::from(percent) / 100.0);
        push(out, &format!(r#"<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>"#));
        push(
            out,
            &format!(r#"<text x="{}" y="{}" text-anchor="end">{percent} %</text>"#, LEFT - 8.0, y + 4.0),
        );
    }
    // What would run into the label before is left out.
    let mut free = f64::MIN;
    for &size in &results.sizes {
        let (x, label) = (x(results, size), grouped(size));
        push(out, &format!(r#"<line class="grid" x1="{x:.1}" x2="{x:.1}" y1="{TOP}" y2="{BOTTOM}"/>"#));
        #[expect(clippy::cast_precision_loss, reason = "a few characters")]
        let half = label.chars().count() as f64 * 3.6;
        if x - half > free {
            push(
                out,
                &format!(r#"<text x="{x:.1}" y="{}" text-anchor="middle">{label}</text>"#, BOTTOM + 18.0),
            );
            free = x + half + 4.0;
        }
    }
    let what = match measure {
        Measure::Requests => "misses among requests, by the size of the cache",
        Measure::Weight => "weight of the misses among that of all requests, by the size of the cache",
    };
    push(out, &format!(r#"<text x="{LEFT}" y="{}" opacity=".7">{what}</text>"#, BOTTOM + 40.0));
}

#[expect(clippy::cast_precision_loss, reason = "a picture has some hundred points")]
fn x(results: &Results, size: u64) -> f64 {
    let log = |size: u64| (size.max(1) as f64).ln();
    let (first, last) = (
        results.sizes.first().map_or(0.0, |&size| log(size)),
        results.sizes.last().map_or(1.0, |&size| log(size)),
    );
    let share = if last > first { (log(size) - first) / (last - first) } else { 0.5 };
    LEFT + share * (RIGHT - LEFT)
}

fn y(miss: f64) -> f64 {
    BOTTOM - miss * (BOTTOM - TOP)
}

fn push(out: &mut String, element: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{element}");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
