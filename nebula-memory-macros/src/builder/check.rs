//! The rules of the derive beyond those of every builder. All that is wrong is reported; what can be generated all the
//! same is.

use syn::DeriveInput;

use super::DERIVE;
use super::model::{Build, Model};
use super::parse::{Check, Parsed};
use crate::diagnostics::Diagnostics;
use crate::typestate::check::{Names, fields, target};

/// The model, or the type if it cannot have a builder.
pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Result<Model, Box<DeriveInput>> {
    let Parsed { input, options, check_lost } = parsed;
    let Some(fields) = fields(&input, &DERIVE, diagnostics) else { return Err(Box::new(input)) };
    let build = match (options.check, options.error.0) {
        (Some(Check(check)), error) => Build::Checked { check, error },
        (None, error) if check_lost => Build::Broken { error },
        (None, Some(error)) => {
            diagnostics.error(
                &error,
                "`error` is the type of the error of `check`: add `check = path`, a `fn(&Self) -> Result<(), Error>`",
            );
            Build::Broken { error: Some(error) }
        }
        (None, None) => Build::Plain,
    };
    let names = Names {
        krate: options.krate,
        builder: options.builder,
        start: options.start,
        vis: options.vis,
        no_implicit_prelude: options.no_implicit_prelude,
    };
    Ok(Model { target: target(input, fields, names, &DERIVE, diagnostics), build })
}
