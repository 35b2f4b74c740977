//! What the numbers of a type must be: decided here if they are literals, else written down for the compiler.

use proc_macro2::Span;

use crate::allocator::model::{Class, Number, Part, Relation, Rule, Term};
use crate::diagnostics::Diagnostics;

/// The rules so far that only the compiler can check.
pub(super) struct Rules<'d> {
    pub(super) open: Vec<Rule>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl Rules<'_> {
    /// Says what must hold.
    fn require(&mut self, (left, relation, right): (Term, Relation, Term), span: Span, message: &str) {
        match (left.literal(), right.literal()) {
            (Some(less), Some(more)) => {
                if less > more || (relation == Relation::Less && less == more) {
                    self.diagnostics.error_at(span, message);
                }
            }
            _ => self.open.push(Rule { left, relation, right, message: message.to_owned(), span }),
        }
    }

    /// A size or a count. What a literal must be is checked where it is read.
    pub(super) fn positive(&mut self, number: &Number, what: &str) {
        if number.value.check(what, self.diagnostics) && number.value.literal().is_none() {
            self.require(
                (Term::Zero, Relation::Less, Term::Number(number.clone())),
                number.value.span(),
                &format!("{what} must be greater than zero"),
            );
        }
    }

    /// Classes by themselves.
    pub(super) fn class(&mut self, class: &Class, budget: Option<&Number>) {
        let name = &class.name;
        let Some(all) = memory(&class.part) else { return };
        let span = match &class.part {
            Part::Bump(size) | Part::Stack(size) | Part::Pool(size, _) => size.value.span(),
            Part::System => name.span(),
        };
        self.require(
            (all.clone(), Relation::AtMost, Term::Most),
            span,
            &format!("`{name}` is larger than any memory"),
        );
        if let (Some(limit), Part::Bump(size) | Part::Stack(size)) = (&class.limit, &class.part) {
            self.require(
                (Term::Number(limit.clone()), Relation::AtMost, Term::Number(size.clone())),
                limit.value.span(),
                &format!("a block of this size does not fit into all of `{name}`"),
            );
        }
        if let Some(budget) = budget {
            self.require(
                (all, Relation::AtMost, Term::Number(budget.clone())),
                span,
                &format!("`{name}` is larger than the budget, so it could never be used up"),
            );
        }
    }

    /// A class and the next one.
    pub(super) fn order(&mut self, first: &Class, second: &Class) {
        let (a, b) = (&first.name, &second.name);
        let (Some(lower), Some(limit)) = (&first.limit, &second.limit) else { return };
        self.require(
            (Term::Number(lower.clone()), Relation::Less, Term::Number(limit.clone())),
            limit.value.span(),
            &format!(
                "`{b}` is for no larger blocks than `{a}` before it, so it would never be used: classes go from small to \
                 large"
            ),
        );
    }
}

/// All the memory of a part, if it has an end.
fn memory(part: &Part) -> Option<Term> {
    match part {
        Part::Bump(size) | Part::Stack(size) => Some(Term::Number(size.clone())),
        Part::Pool(size, count) => Some(Term::Product(size.clone(), count.clone())),
        Part::System => None,
    }
}
