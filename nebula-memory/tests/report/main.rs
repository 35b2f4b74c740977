//! The page in a browser: what it draws is what the statistics say, at any size, and it asks nobody for anything.
//!
//! With `NEBULA_REPORT_PICTURES=folder`, pictures of all samples are put there.
#![cfg(all(not(loom), feature = "html"))]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod browser;
mod figures;
mod live;
mod prometheus;
mod samples;

use std::{fs, path::Path};

use browser::Browser;
use nebula_memory::stats::{HtmlExporter, StatsExporter};
use samples::Sample;

fn all_samples() -> Vec<Sample> {
    let long = Sample { name: "long", ..samples::server(10_000) };
    vec![samples::server(240), long, samples::crowd(), samples::empty(), samples::zero(), samples::extreme()]
}

impl Sample {
    fn exporter(&self) -> HtmlExporter {
        HtmlExporter::new().with_title(format!("Memory: {}", self.name)).with_history(&self.history)
    }

    /// As a file, and its address.
    fn write(&self, folder: &Path) -> String {
        let file = folder.join(format!("{}.html", self.name));
        fs::write(&file, self.exporter().export(&self.now).unwrap()).unwrap();
        format!("file://{}", file.display())
    }
}

#[test]
fn pages_are_quiet_and_fit_any_window() {
    let mut browser = Browser::start("quiet");
    let pictures = std::env::var_os("NEBULA_REPORT_PICTURES");
    for sample in all_samples() {
        let url = sample.write(browser.folder());
        for (width, height) in [(400, 800), (1600, 1000)] {
            for scheme in ["light", "dark"] {
                browser.prefer(width, height, scheme);
                browser.open(&url);
                let (complaints, requests) = (browser.complaints(), browser.requests());
                assert!(complaints.is_empty(), "{}: {complaints:#?}", sample.name);
                assert_eq!(requests, [url.as_str()], "{}", sample.name);
                let wide = browser.evaluate("document.documentElement.scrollWidth");
                let far = browser.evaluate(
                    "[...document.querySelectorAll('body *')].filter((part) => \
                     part.getBoundingClientRect().right > innerWidth && !part.closest('.scroll, svg')) \
                     .map((part) => `${part.localName}.${part.className} ${part.textContent.slice(0, 40)}`)",
                );
                assert_eq!(wide, width, "{} scrolls to the side, because of {far:#}", sample.name);
                assert_eq!(
                    browser.evaluate("document.documentElement.dataset.scrollWidth"),
                    width.to_string()
                );
                // Text is as large in charts as elsewhere.
                let scaled = browser.evaluate(
                    "[...document.querySelectorAll('.chart > svg')].filter((chart) => \
                     Math.abs(chart.viewBox.baseVal.width - chart.parentElement.clientWidth) > 1).length",
                );
                assert_eq!(scaled, 0, "{}: charts are not drawn in the size that there is", sample.name);
                if let Some(folder) = &pictures {
                    let name = format!("{}-{width}-{scheme}.png", sample.name);
                    fs::write(Path::new(folder).join(name), browser.picture()).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_reader_can_work_it_without_a_mouse() {
    let mut browser = Browser::start("keys");
    let sample = samples::server(240);
    let url = sample.write(browser.folder());
    browser.prefer(400, 800, "light");
    browser.open(&url);
    let tip = "document.querySelector('#tip').hidden ? '' : document.querySelector('#tip').innerText";

    for (chart, text) in [("#timeline", "In use"), ("#treemap", "Share"), ("#sizes", "Values")] {
        browser.evaluate(&format!("document.querySelector('{chart} svg').focus()"));
        assert_eq!(browser.evaluate(tip), "", "{chart}");
        browser.press("ArrowRight");
        let first = browser.evaluate(tip);
        assert!(first.as_str().unwrap().contains(text), "{chart}: {first}");
        browser.press("End");
        assert_ne!(browser.evaluate(tip), first, "{chart}");
        browser.press("Home");
        assert_eq!(browser.evaluate(tip), first, "{chart}");
        let off = "(({ left, right, top, bottom }) => left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight)\
                   (document.querySelector('#tip').getBoundingClientRect())";
        assert_eq!(browser.evaluate(off), true, "{chart}: the box is not in the window");
        browser.press("Escape");
        assert_eq!(browser.evaluate(tip), "", "{chart}");
    }
    // Everything that can be used has a name, and every chart one for those who do not see it.
    let nameless = browser.evaluate(
        "[...document.querySelectorAll('svg[role=img], [role=region]')].filter((part) => !part.getAttribute('aria-label')).length \
         + [...document.querySelectorAll('button')].filter((part) => !part.textContent).length \
         + [...document.querySelectorAll('select, input')].filter((part) => part.labels.length === 0).length",
    );
    assert_eq!(nameless, 0);

    // Tables of charts are made when they are opened.
    browser.evaluate("document.querySelector('#timeline details').open = true");
    browser.wait_for("document.querySelectorAll('#timeline tbody tr').length === 240");

    // Sorted by any column, both ways.
    let first = "document.querySelector('#figures tbody th').title";
    assert_eq!(browser.evaluate(first), "tenant budget");
    browser.evaluate("document.querySelector('#figures th button').click()");
    assert_eq!(browser.evaluate(first), "connections");
    browser.evaluate("document.querySelector('#figures th button').click()");
    assert_eq!(browser.evaluate(first), "tenant budget");
    assert_eq!(browser.evaluate("document.querySelector('#figures [aria-sort]').ariaSort"), "descending");
    browser.evaluate(
        "{ const filter = document.querySelector('#figures input'); filter.value = 'POOL'; \
         filter.dispatchEvent(new Event('input')); }",
    );
    assert_eq!(browser.evaluate("document.querySelectorAll('#figures tbody tr').length"), 2);

    // The theme is remembered.
    let background = "getComputedStyle(document.body).backgroundColor";
    let light = browser.evaluate(background);
    browser.evaluate("document.querySelector('#theme').click()");
    let dark = browser.evaluate(background);
    assert_ne!(light, dark);
    browser.open(&url);
    assert_eq!(browser.evaluate(background), dark);
    assert!(browser.complaints().is_empty(), "{:#?}", browser.complaints());
}

/// Text in names stays text.
#[test]
fn names_are_only_names() {
    let mut browser = Browser::start("names");
    let sample = samples::extreme();
    browser.open(&sample.write(browser.folder()));
    assert_eq!(browser.evaluate("document.scripts.length"), 2);
    assert_eq!(browser.evaluate("document.querySelectorAll('main b b, main h3 *, figcaption b').length"), 0);
    for name in samples::WICKED {
        let name = serde_json::to_string(name).unwrap();
        let is_there = format!(
            "[...document.querySelectorAll('#figures tbody th')].some((cell) => cell.title === {name})"
        );
        assert_eq!(browser.evaluate(&is_there), true, "{name}");
    }
}
