//! Marks and texts say what the JSON says, and shapes are as large as that.

use nebula_memory::stats::{JsonExporter, StatsExporter, StatsSnapshot};
use serde_json::Value;

use crate::{all_samples, browser::Browser};

fn json(snapshot: &StatsSnapshot) -> Value {
    serde_json::from_str(&JsonExporter::new().export(snapshot).unwrap()).unwrap()
}

/// All marks of a kind: what their attributes are.
fn marks(browser: &mut Browser, selector: &str) -> Vec<Value> {
    let expression = format!(
        "[...document.querySelectorAll({selector:?})].map((mark) => \
         Object.fromEntries([...mark.attributes].map(({{ name, value }}) => [name, value])))"
    );
    let Value::Array(marks) = browser.evaluate(&expression) else { panic!("no marks") };
    marks
}

fn text<'a>(mark: &'a Value, name: &str) -> &'a str {
    mark[name].as_str().unwrap_or_else(|| panic!("{name} of {mark}"))
}

fn size(mark: &Value, name: &str) -> f64 {
    text(mark, name).parse().unwrap()
}

/// A number as it stands in the JSON.
fn value(mark: &Value) -> Value {
    serde_json::from_str(text(mark, "data-value")).unwrap()
}

fn values(mark: &Value) -> Vec<Value> {
    text(mark, "data-value").split(' ').map(|value| serde_json::from_str(value).unwrap()).collect()
}

/// JavaScript does not write `.0`.
fn same(drawn: &Value, said: &Value) -> bool {
    drawn == said || (said.is_f64() && drawn.as_f64() == said.as_f64())
}

fn near(drawn: f64, wanted: f64, tolerance: f64) -> bool {
    (drawn - wanted).abs() <= tolerance
}

#[test]
fn charts_say_what_the_json_says() {
    let mut browser = Browser::start("figures");
    for sample in all_samples() {
        let url = sample.write(browser.folder());
        let now = json(&sample.now);
        let moments = if sample.history.is_empty() {
            vec![now.clone()]
        } else {
            sample.history.iter().map(|snapshot| json(snapshot)).collect()
        };
        for width in [400, 1600] {
            browser.prefer(width, 900, "light");
            browser.open(&url);
            tiles(&mut browser, &now);
            timeline(&mut browser, sample.name, &now, &moments);
            for by in ["in_use", "bytes"] {
                for parts in ["scopes", "allocators"] {
                    for choice in [by, parts] {
                        let click =
                            format!("document.querySelector('#treemap input[value={choice}]').click()");
                        browser.evaluate(&click);
                    }
                    treemap(&mut browser, &now, by, parts);
                }
            }
            sizes(&mut browser, &now);
            bars(&mut browser, &now);
            histograms(&mut browser, &now);
            table(&mut browser, &now);
        }
    }
}

fn tiles(browser: &mut Browser, now: &Value) {
    let drawn: Vec<Value> = marks(browser, "#tiles [data-value]").iter().map(value).collect();
    let global = &now["global"];
    for (tile, name) in [(0, "in_use"), (1, "peak"), (2, "bytes"), (3, "allocations"), (5, "refused")] {
        assert_eq!(drawn[tile], global[name], "{name}");
    }
}

fn timeline(browser: &mut Browser, name: &str, now: &Value, all: &[Value]) {
    if now["global"]["peak"] == 0 {
        assert!(marks(browser, "#timeline svg").is_empty());
        return;
    }
    let [total, peak] =
        ["total", "peak"].map(|class| marks(browser, &format!("#timeline .{class}")).remove(0));
    let drawn = values(&total);
    let moments = drawn.len();
    assert!(moments == all.len() || (moments <= 402 && all.len() > 402), "{moments} of {}", all.len());
    // Which moments those are; of many, the highest and the lowest must be among them.
    let mut rest = all.iter();
    let shown: Vec<&Value> = (drawn.iter().zip(values(&peak)))
        .map(|(in_use, peak)| {
            let is_it =
                |moment: &&Value| moment["global"]["in_use"] == *in_use && moment["global"]["peak"] == peak;
            rest.find(is_it).expect("a moment that there was")
        })
        .collect();
    let level = |moment: &Value| moment["global"]["in_use"].as_u64();
    assert_eq!(shown.iter().map(|moment| level(moment)).max(), all.iter().map(level).max());
    assert_eq!(shown.iter().map(|moment| level(moment)).min(), all.iter().map(level).min());
    assert_eq!(drawn.last(), Some(&now["global"]["in_use"]));

    // What is drawn is proportional to that.
    let base = size(&marks(browser, "#timeline line.base")[0], "y1");
    let heights: Vec<f64> = text(&total, "d")[1..]
        .split('L')
        .map(|point| base - point.split_once(' ').unwrap().1.parse::<f64>().unwrap())
        .collect();
    let most = drawn.iter().filter_map(Value::as_f64).fold(0.0, f64::max);
    let highest = heights.iter().copied().fold(0.0, f64::max);
    assert!(highest > 60.0);
    for (height, value) in heights.iter().zip(&drawn) {
        assert!(near(height / highest, value.as_f64().unwrap() / most, 0.01), "{height} for {value}");
    }
    // And together, the bands are what is in use, unless nobody knows who has it.
    let bands = marks(browser, "#timeline .area");
    let mut sum = vec![0_u64; moments];
    for band in &bands {
        for (i, value) in values(band).iter().enumerate() {
            sum[i] += value.as_u64().unwrap();
            if text(band, "data-band") != "others" && all.len() == moments {
                let id: u64 = text(band, "data-band").parse().unwrap();
                let entry = shown[i]["allocators"].as_array().unwrap().iter().find(|entry| entry["id"] == id);
                let held =
                    entry.filter(|entry| entry["alive"] == true).map(|entry| &entry["stats"]["in_use"]);
                assert_eq!(value, held.unwrap_or(&Value::from(0)), "band {id}");
            }
        }
    }
    if name != "extreme" {
        assert_eq!(sum.into_iter().map(Value::from).collect::<Vec<_>>(), drawn, "{name}");
    }
}

fn treemap(browser: &mut Browser, now: &Value, by: &str, parts: &str) {
    let cells = marks(browser, "#treemap .cell");
    let entries = now["allocators"].as_array().unwrap();
    let is_scope = |entry: &Value| entry["kind"] == "scope";
    // Where there are none, there is no such choice.
    let scopes = parts == "scopes" && entries.iter().any(is_scope);
    assert_eq!(browser.evaluate("document.querySelector('#parts').hidden"), !entries.iter().any(is_scope));
    let shown: Vec<&Value> = entries
        .iter()
        .filter(|entry| is_scope(entry) == scopes && entry["kind"] != "budget" && entry["stats"][by] != 0)
        .collect();
    assert_eq!(cells.len(), shown.len());
    let whole: f64 = shown.iter().map(|entry| entry["stats"][by].as_f64().unwrap()).sum();
    if cells.is_empty() {
        return;
    }
    let area = |cell: &Value| size(cell, "width") * size(cell, "height");
    let room: f64 = cells.iter().map(area).sum();
    // Together they are all of it, and none lies on another.
    let frame = marks(browser, "#treemap .chart > svg").remove(0);
    let frame: Vec<f64> = text(&frame, "viewBox").split(' ').map(|number| number.parse().unwrap()).collect();
    assert!(near(room, frame[2] * frame[3], 20.0), "{room} of {frame:?}");
    let edges = |cell: &Value| {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| size(cell, name));
        [x, y, x + w, y + h]
    };
    for (i, cell) in cells.iter().enumerate() {
        let [left, top, right, bottom] = edges(cell);
        assert!(left > -0.1 && top > -0.1 && right < frame[2] + 0.1 && bottom < frame[3] + 0.1, "{cell}");
        for other in &cells[..i] {
            let [other_left, other_top, other_right, other_bottom] = edges(other);
            let wide = right.min(other_right) - left.max(other_left);
            let high = bottom.min(other_bottom) - top.max(other_top);
            assert!(wide < 0.1 || high < 0.1, "{cell} lies on {other}");
        }
    }
    let mut left: Vec<&Value> = shown;
    for cell in &cells {
        let at = left.iter().position(|entry| {
            entry["id"].as_u64() == text(cell, "data-id").parse().ok() && entry["stats"][by] == value(cell)
        });
        let entry = left.remove(at.unwrap_or_else(|| panic!("nobody is {cell}")));
        let part = entry["stats"][by].as_f64().unwrap() / whole;
        assert!(near(area(cell), part * room, 8.0), "{cell} is {part} of {room}");
        assert_eq!(entry["alive"] == false, text(cell, "fill-opacity") != "1");
    }
}

/// Bars of one histogram, and its percentiles.
fn distribution(browser: &mut Browser, place: &str, stats: &Value, buckets: &Value) {
    let bars = marks(browser, &format!("{place} .bar"));
    let buckets = buckets.as_array().unwrap();
    assert_eq!(bars.len(), buckets.len());
    let most = buckets.iter().filter_map(|bucket| bucket["count"].as_f64()).fold(0.0, f64::max);
    let highest = bars.iter().map(|bar| size(bar, "height")).fold(0.0, f64::max);
    let mut sum = 0;
    for (bar, bucket) in bars.iter().zip(buckets) {
        assert_eq!(value(bar), bucket["count"]);
        assert_eq!(text(bar, "data-lower"), bucket["lower"].to_string());
        assert_eq!(text(bar, "data-upper"), bucket["upper"].to_string());
        sum += bucket["count"].as_u64().unwrap();
        let wanted = (bucket["count"].as_f64().unwrap() / most * highest).max(1.0);
        assert!(near(size(bar, "height"), wanted, 0.1), "{bar}, {wanted}");
    }
    assert_eq!(stats["count"], sum);
    let percentiles = marks(browser, &format!("{place} .percentile"));
    assert_eq!(percentiles.len(), 3);
    for mark in &percentiles {
        assert_eq!(value(mark), stats[text(mark, "data-percentile")]);
    }
}

fn sizes(browser: &mut Browser, now: &Value) {
    let counted =
        |entry: &&Value| entry["stats"]["size_buckets"].as_array().is_some_and(|all| !all.is_empty());
    let entries: Vec<&Value> = now["allocators"].as_array().unwrap().iter().filter(counted).collect();
    assert_eq!(browser.evaluate("document.querySelector('#sizes').hidden"), entries.is_empty());
    for entry in entries {
        let id = &entry["id"];
        browser.evaluate(&format!(
            "{{ const select = document.querySelector('#sizes select'); select.value = '{id}'; \
             select.dispatchEvent(new Event('change')); }}"
        ));
        distribution(browser, "#sizes", &entry["stats"]["sizes"], &entry["stats"]["size_buckets"]);
    }
}

fn histograms(browser: &mut Browser, now: &Value) {
    let any = |entry: &&Value| !entry["buckets"].as_array().unwrap().is_empty();
    let entries: Vec<&Value> = now["histograms"].as_array().unwrap().iter().filter(any).collect();
    assert_eq!(marks(browser, "#histograms figure").len(), entries.len());
    for (i, entry) in entries.iter().enumerate() {
        let place = format!("#histograms figure:nth-child({})", i + 1);
        distribution(browser, &place, &entry["stats"], &entry["buckets"]);
        let name =
            browser.evaluate(&format!("document.querySelector({:?}).textContent", format!("{place} h3")));
        assert_eq!(name, entry["name"]);
    }
}

fn bars(browser: &mut Browser, now: &Value) {
    let entries = now["allocators"].as_array().unwrap();
    let mut asked: Vec<(f64, f64)> = entries
        .iter()
        .filter_map(|entry| Some((entry["stats"]["hits"].as_f64()?, entry["stats"]["misses"].as_f64()?)))
        .filter(|(hits, misses)| hits + misses > 0.0)
        .collect();
    asked.sort_by(|a, b| (b.0 + b.1).total_cmp(&(a.0 + a.1)));
    let drawn = marks(browser, "#ratios .fill");
    assert_eq!(drawn.len(), asked.len().min(10));
    for (mark, (hits, misses)) in drawn.iter().zip(asked) {
        let ratio = hits / (hits + misses);
        assert!(near(value(mark).as_f64().unwrap(), ratio, 1e-12));
        assert!(near(size(mark, "width"), ratio * 1000.0, 0.1));
    }
    let limited =
        entries.iter().filter(|entry| entry["stats"]["capacity"].as_u64().is_some_and(|most| most > 0));
    let mut limited: Vec<&Value> = limited.map(|entry| &entry["stats"]).collect();
    let drawn = marks(browser, "#limits .fill");
    assert_eq!(drawn.len(), limited.len().min(10));
    for mark in &drawn {
        let part = |stats: &Value| stats["in_use"].as_f64().unwrap() / stats["capacity"].as_f64().unwrap();
        let at = limited.iter().position(|stats| {
            stats["in_use"] == value(mark) && near(size(mark, "width"), part(stats).min(1.0) * 1000.0, 0.1)
        });
        limited.remove(at.unwrap_or_else(|| panic!("nothing is limited like {mark}")));
    }
    let drawn: Vec<Value> = marks(browser, "#rates td [data-value]").iter().map(value).collect();
    let said = ["allocations", "bytes"].into_iter().flat_map(|what| {
        ["one", "five", "fifteen", "mean"].map(|window| now["performance"][what][window].clone())
    });
    assert!(drawn.iter().zip(said).all(|(drawn, said)| same(drawn, &said)) && drawn.len() == 8);
}

fn table(browser: &mut Browser, now: &Value) {
    let entries = now["allocators"].as_array().unwrap();
    let names = browser.evaluate(
        "[...document.querySelectorAll('#figures tbody tr')].map((row) => [row.dataset.id, row.cells[0].title, \
         row.cells[1].textContent, row.cells[2].textContent, \
         ...[...row.cells].slice(3).map((cell) => cell.firstElementChild?.dataset.value ?? 'null')])",
    );
    let mut drawn: Vec<Vec<String>> = serde_json::from_value(names).unwrap();
    let columns = [
        "in_use",
        "peak",
        "bytes",
        "capacity",
        "allocations",
        "deallocations",
        "resizes",
        "refused",
        "hits",
        "misses",
    ];
    let mut said: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let word = |name: &str| entry[name].as_str().unwrap().to_owned();
            let state = if entry["alive"] == true { "alive" } else { "ended" }.to_owned();
            let figures = columns.iter().map(|name| entry["stats"][name].to_string());
            [entry["id"].to_string(), word("name"), word("kind"), state].into_iter().chain(figures).collect()
        })
        .collect();
    drawn.sort();
    said.sort();
    assert_eq!(drawn, said);
}
