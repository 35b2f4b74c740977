//! The rules of `#[cached]`. All that is wrong is reported.
//!
//! * `function`: which functions have results that can be kept
//! * `key`: what tells their calls apart
//! * `cache`: which keys go together
//! * `flight`: who computes what many ask for
//! * `types`: what is in a type

mod cache;
mod flight;
mod function;
mod key;
mod types;

use super::model::{Keep, Model};
use super::parse::Parsed;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::function::Function;

/// The model, if nothing is wrong.
pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Option<Model> {
    let Parsed { args, broken, function } = parsed;
    let before = diagnostics.len();
    let output = function::check(&function, diagnostics);
    let keep = match (&args.keep, &output) {
        (Some(word), _) if word.0 == "ok" => Keep::Ok,
        (Some(word), _) if word.0 == "some" => Keep::Some,
        (None, Some(output)) if types::is_named(output, "Result") => Keep::Ok,
        _ => Keep::All,
    };
    let flight = flight::check(args.single_flight.is_on(), &function, diagnostics);
    let krate = args.krate.clone();
    let (source, asked) = cache::check(args, &function, diagnostics);
    let key = key::check(asked, &function, &source, diagnostics);
    if broken || diagnostics.len() > before {
        return None;
    }
    let before = function.before();
    let Function { signature, body, .. } = function;
    Some(Model {
        krate: krate.unwrap_or(CratePath::DEFAULT),
        before,
        signature,
        output: output?,
        body: body?,
        key: key?,
        keep,
        source,
        flight,
    })
}
