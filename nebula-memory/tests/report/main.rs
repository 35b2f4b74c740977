//! The page in a browser: what it draws is what the statistics say, at any size, and it asks nobody for anything.
//!
//! With `NEBULA_REPORT_PICTURES=folder`, pictures of all samples are put there.
#![cfg(all(not(loom), feature = "html"))]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod browser;
mod samples;

use std::{fs, path::Path};

use browser::Browser;
use nebula_memory::stats::{HtmlExporter, JsonExporter, StatsExporter};
use samples::Sample;
use serde_json::Value;

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

    fn json(&self) -> Value {
        serde_json::from_str(&JsonExporter::new().export(&self.now).unwrap()).unwrap()
    }
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

fn number(mark: &Value, name: &str) -> f64 {
    mark[name].as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} of {mark}"))
}

fn whole(mark: &Value, name: &str) -> u64 {
    mark[name].as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} of {mark}"))
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
                if let Some(folder) = &pictures {
                    let name = format!("{}-{width}-{scheme}.png", sample.name);
                    fs::write(Path::new(folder).join(name), browser.picture()).unwrap();
                }
            }
        }
    }
}
