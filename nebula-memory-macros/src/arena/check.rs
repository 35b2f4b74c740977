//! The rules of `#[arena]`.

use proc_macro2::{Ident, Span};
use syn::visit::Visit;
use syn::{FnArg, PatIdent, Type};

use super::model::Model;
use super::parse::Parsed;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::function::Function;
use crate::hygiene::bare;

pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Option<Model> {
    let Parsed { args, function } = parsed;
    let before = function.before();
    let Function { signature, body, .. } = function;
    if let Some(constness) = &signature.constness {
        diagnostics.error(constness, "a `const fn` cannot have an arena: its memory is found at run time");
        return None;
    }
    let Some(body) = body else {
        diagnostics.error(
            &signature.ident,
            "`#[arena]` gives the body of a function an arena, this one has no body: put it on the implementations",
        );
        return None;
    };
    // The span of the body's brace: hygiene and place are those of the code that will use the name, so it is found
    // there and the compiler's messages call the arena by it.
    let name = args.name.map_or_else(|| Ident::new("arena", body.span_open()), |name| name.0);
    let mut parameters = Parameters { name: &name, found: None };
    for input in &signature.inputs {
        if let FnArg::Typed(input) = input {
            parameters.visit_pat(&input.pat);
        }
    }
    if let Some(span) = parameters.found {
        diagnostics.error_at(
            span,
            format_args!(
                "the arena would hide the parameter `{}`: give the arena another name, write `#[arena(name = ...)]`",
                bare(&name)
            ),
        );
        // With the parameter's name taken, messages about its use would follow.
        return None;
    }
    Some(Model {
        krate: args.krate.unwrap_or(CratePath::DEFAULT),
        before,
        signature,
        name,
        capacity: args.capacity.map(|capacity| capacity.0),
        body,
    })
}

/// Looks for a parameter with a name.
struct Parameters<'a> {
    name: &'a Ident,
    found: Option<Span>,
}

impl<'ast> Visit<'ast> for Parameters<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        if pattern.ident == *self.name {
            self.found.get_or_insert(pattern.ident.span());
        }
        syn::visit::visit_pat_ident(self, pattern);
    }

    fn visit_type(&mut self, _: &'ast Type) {}
}
