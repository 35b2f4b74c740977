//! Who computes what many ask for at the same time.
//!
//! In an `async` function with `single_flight` the body belongs to all who wait for it, so it cannot borrow from the one who
//! asked first. References are made owned, and the body borrows from that; what cannot be is refused.

use syn::{FnArg, Pat, PatType, ReceiverKind, Type};

use super::key::lent;
use super::types::{borrow, ungroup};
use crate::cached::model::{Flight, How, Part, Rebound};
use crate::diagnostics::Diagnostics;
use crate::function::Function;

pub(super) fn check(single: bool, function: &Function, diagnostics: &mut Diagnostics) -> Flight {
    if !single {
        return Flight::Each;
    }
    if function.signature.asyncness.is_none() {
        return Flight::Single;
    }
    let mut rebound = Vec::new();
    for input in &function.signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let borrows = match &receiver.kind {
                    ReceiverKind::Reference(..) => true,
                    ReceiverKind::Typed(_, ty) => borrow(ty).is_some(),
                    _ => false,
                };
                if borrows {
                    diagnostics.error_over(
                        receiver,
                        "with `single_flight` the body belongs to all who wait for it, so it cannot borrow `self` from one of them: take \
                         `self: Arc<Self>`, or put what it needs into arguments",
                    );
                }
            }
            FnArg::Typed(typed) => rebound.extend(argument(typed, diagnostics)),
        }
    }
    Flight::Polled(rebound)
}

/// How the body gets the argument, if not as it is.
fn argument(typed: &PatType, diagnostics: &mut Diagnostics) -> Option<Rebound> {
    let span = borrow(&typed.ty)?;
    let (how, ty) = lent(&typed.ty);
    let name = match &*typed.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => Some(pattern),
        _ => None,
    };
    let mutable = matches!(ungroup(&typed.ty), Type::Reference(reference) if reference.mutability.is_some());
    match (how, name) {
        (How::Reference(1) | How::Optional, Some(name)) if borrow(ty).is_none() && !mutable => {
            Some(Rebound {
                part: Part { value: name.ident.clone(), how, ty: ty.clone() },
                mutable: name.mutability,
            })
        }
        _ => {
            diagnostics.error_at(
                span,
                "with `single_flight` the body belongs to all who wait for it, so it cannot borrow from one of them: only `&T` and \
                 `Option<&T>` are made owned by themselves, take an owned argument",
            );
            None
        }
    }
}
