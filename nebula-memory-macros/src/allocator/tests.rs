use proc_macro2::TokenStream;
use quote::quote;

use super::check;
use super::model::{Item, Part};
use super::parse::Input;
use crate::diagnostics::Diagnostics;

fn item(input: TokenStream) -> (Item, Vec<String>) {
    let Ok(Input::Item(parsed)) = syn::parse2(input) else { panic!("not an item") };
    let mut diagnostics = Diagnostics::default();
    let item = check::item(parsed, &mut diagnostics);
    (item, diagnostics.messages())
}

fn expression(input: TokenStream) -> Vec<String> {
    let parsed = match syn::parse2(input) {
        Ok(Input::Expression(parsed)) => parsed,
        Ok(Input::Item(_)) => panic!("an item"),
        Err(error) => return vec![error.to_string()],
    };
    let mut diagnostics = Diagnostics::default();
    let model = check::expression(parsed, &mut diagnostics);
    let messages = diagnostics.messages();
    assert_eq!(model.is_some(), messages.is_empty(), "{messages:?}");
    messages
}

#[test]
fn the_forms_of_the_expression() {
    for input in [
        quote!(bump 4096),
        quote!(bump, 4096,),
        quote!(bump 64 * KIB, { threading: shared, tracked: true }),
        quote!(bump { SIZE }),
        quote!(bump 1 MiB, { align: 8, budget: 1 KiB, }),
        quote!(pool 64 x 1024),
        quote!(pool SIZE x f()?, { alignment: 64 }),
        quote!(stack 8192),
        quote!(system),
        quote!(system { stats: on }),
        quote!(system, { budget: 10 }),
        quote!(scoped bump 4096 => |a| { 1 }),
        quote!(scoped stack 8 KiB => |_| { 1 }),
        quote!(bump 1, {}),
    ] {
        let text = input.to_string();
        assert_eq!(expression(input), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn all_errors_of_an_expression_at_once() {
    let messages = expression(quote!(bump 0, {
        thread_saf: true,
        tracked: 1,
        align: 3,
        alignment: 4,
        budget: -1,
    }));
    assert_eq!(messages.len(), 6, "{messages:#?}");
    for (message, part) in messages.iter().zip([
        "the size must be greater",
        "did you mean `thread_safe`?",
        "`tracked` is `true` or `false`",
        "given twice",
        "the budget must not be negative",
        "",
    ]) {
        assert!(message.contains(part), "{message} has no {part}");
    }
}

#[test]
fn classes_nest_in_order() {
    let (item, messages) = item(quote! {
        pub struct Memory {
            tiny: pool(16 bytes x 10),
            small: bump(64 KiB) up to 256 bytes,
            huge: stack(1 MiB),
            fallback: system,
            budget: 2 MiB,
            stats: on,
        }
    });
    assert!(messages.is_empty() && !item.broken && item.rules.is_empty(), "{messages:?}");
    let limits: Vec<_> = item
        .classes
        .iter()
        .map(|class| class.limit.as_ref().and_then(|limit| limit.value.literal()))
        .collect();
    assert_eq!(limits, [Some(16), Some(256), None]);
    assert!(matches!(item.classes[2].part, Part::Stack(_)));
    assert!(item.stats && item.budget.is_some() && !item.shared);
}

#[test]
fn what_only_the_compiler_knows_becomes_a_rule() {
    let (item, messages) = item(quote! {
        struct Memory {
            small: pool(SMALL x COUNT),
            large: bump(LARGE),
            budget: BUDGET,
        }
    });
    assert!(messages.is_empty(), "{messages:?}");
    let rules: Vec<_> = item.rules.iter().map(|rule| rule.message.as_str()).collect();
    assert_eq!(rules.len(), 8, "{rules:#?}");
}

#[test]
fn sizes_that_cannot_work() {
    for (lines, message) in [
        (quote!(a: pool(64 x 0)), "the number of blocks must be greater than zero"),
        (quote!(a: bump(0 bytes)), "the size must be greater than zero"),
        (quote!(a: bump(1), budget: 0), "the budget must be greater than zero"),
        (quote!(a: pool(64 x 1024), budget: 64 KiB), ""),
        (quote!(a: pool(64 x 1024), budget: 65535), "`a` is larger than the budget"),
        (quote!(a: pool(64 x 2), b: pool(64 x 2)), "`b` is for no larger blocks than `a`"),
        (quote!(a: pool(64 x 2), b: pool(32 x 2)), "`b` is for no larger blocks than `a`"),
        (quote!(a: bump(1 KiB), b: pool(32 x 2)), "`b` is never reached"),
        (quote!(a: bump(64) up to 65 bytes, b: system), "does not fit into all of `a`"),
        (quote!(a: bump(64) up to 16 bytes), "`a` is the last class"),
        (quote!(a: pool(64 x 9223372036854775807)), "larger than any memory"),
        (quote!(a: system, fallback: system), "the fallback would never be used"),
        (quote!(a: bump(1), fallback: system, fallback: bump(1)), "`fallback` is given twice"),
        (quote!(a: bump(1), a: bump(1)), "`a` is given twice"),
        (quote!(a: pol(1 x 1)), "did you mean `pool`?"),
        (quote!(bugdet: 8 MiB, a: bump(1)), "did you mean `budget`?"),
        (quote!(a: bump(1), fallbak: system), "did you mean `fallback`?"),
        (quote!(new: bump(1)), "name the class otherwise"),
        (quote!(a: pool(64 x 2), threading: shared), "a pool serves one thread"),
        (quote!(), "has no memory"),
        (quote!(a: bump(1 MB)), "did you mean `MiB`?"),
    ] {
        let (item, messages) = item(quote!(struct Memory { #lines }));
        if message.is_empty() {
            assert!(messages.is_empty(), "{lines}: {messages:?}");
            continue;
        }
        assert!(item.broken);
        assert_eq!(messages.len(), 1, "{lines}: {messages:?}");
        assert!(messages[0].contains(message), "{lines}: {messages:?}");
    }
}
