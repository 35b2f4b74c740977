//! The statistics as a page for people.
//!
//! * `exporter`: [`HtmlExporter`]
//! * `history`: the time line, in as many points as a page can show
//! * `embed`: how text becomes part of a page
//! * `page.html`, `style.css`, `*.js`: the page itself, which draws what it is given

mod embed;
mod exporter;
mod history;

pub use exporter::HtmlExporter;
