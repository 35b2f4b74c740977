//! The model that comes of what the user wrote, and what is said of what is wrong.

use quote::quote;

use super::*;
use crate::cached::model::{Flight, How, Keep, Key, Source};

fn model(args: TokenStream, item: TokenStream) -> model::Model {
    let mut diagnostics = Diagnostics::default();
    let model =
        parse::parse(args, item, &mut diagnostics).and_then(|parsed| check::check(parsed, &mut diagnostics));
    let messages = diagnostics.messages();
    assert!(messages.is_empty(), "{messages:?}");
    model.expect("nothing is wrong")
}

fn messages(args: TokenStream, item: TokenStream) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    let model =
        parse::parse(args, item, &mut diagnostics).and_then(|parsed| check::check(parsed, &mut diagnostics));
    assert!(model.is_none());
    diagnostics.messages()
}

fn parts(model: &model::Model) -> Vec<(String, How)> {
    match &model.key {
        Key::Arguments(parts) => parts.iter().map(|part| (part.value.to_string(), part.how)).collect(),
        Key::Computed { .. } => panic!("the key is made of arguments"),
    }
}

#[test]
fn arguments_are_lent_as_they_are() {
    let item = quote! {
        fn f(a: u32, b: &str, c: &&[u8], d: Option<&Path>, mut e: Vec<u8>) -> u8 { 0 }
    };
    let expected = [
        ("a", How::Value),
        ("b", How::Reference(1)),
        ("c", How::Reference(2)),
        ("d", How::Optional),
        ("e", How::Value),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(name, how)| (name.to_owned(), how)).collect();
    assert_eq!(parts(&model(quote!(), item)), expected);
}

#[test]
fn results_and_receivers_decide_what_is_kept_and_where() {
    for (ty, keep, expected) in [
        (quote!(io::Result<u8>), quote!(), Keep::Ok),
        (quote!(Result<u8, E>), quote!(keep = all), Keep::All),
        (quote!(Option<u8>), quote!(), Keep::All),
        (quote!(Option<u8>), quote!(keep = some), Keep::Some),
        (quote!(Fallible), quote!(keep = ok), Keep::Ok),
    ] {
        assert_eq!(model(keep, quote!(fn f() -> #ty { g() })).keep, expected);
    }
    let method = quote!(
        fn f(&self, a: u8) -> u8 {
            a
        }
    );
    assert_eq!(parts(&model(quote!(skip = [self]), method.clone())), [("a".to_owned(), How::Value)]);
    assert_eq!(parts(&model(quote!(with_self), method.clone()))[0], ("self".to_owned(), How::Reference(1)));
    let given = model(quote!(cache = self.cache), method.clone());
    assert_eq!(parts(&given).len(), 1);
    assert!(matches!(given.source, Source::Given(_)));
    let computed = model(quote!(key = |self, a| -> (u8, u8) { (self.b, *a) }), method);
    assert!(matches!(computed.key, Key::Computed { lent, .. } if lent.len() == 1));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let found = messages(
        quote!(capcity = 1, policy = lrru, ttl = 5, keep = most, skip = a),
        quote!(
            const fn f(&mut self, x: f64, y: &mut u8, (a, b): (u8, u8)) -> &str;
        ),
    );
    let expected = [
        "Did you mean `capacity`?",
        "did you mean `lru`?",
        "write `\"5s\"`",
        "unknown value `most`",
        "`skip = [a, b]`",
        "`const fn`",
        "this function has none",
        "changes `self`",
        "borrows from the arguments",
        "does `self` tell calls apart?",
        "`key = |x, …| -> u64 { x.to_bits() }`",
        "`skip = [y]`",
        "needs a name",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{found}\n  {expected}");
    }
}

#[test]
fn results_that_cannot_be_kept() {
    for (ty, message) in [
        (quote!(), "returns nothing"),
        (quote!(-> ()), "returns nothing"),
        (quote!(-> !), "never returns"),
        (quote!(-> &'a str), "borrows"),
        (quote!(-> Cow<'_, str>), "borrows"),
        (quote!(-> Vec<&u8>), "borrows"),
        (quote!(-> impl Iterator<Item = u8>), "instead of `impl Trait`"),
        (quote!(-> impl Future<Output = u8>), "a future cannot be kept"),
        (quote!(-> Pin<Box<dyn Future<Output = u8> + 'a>>), "a future cannot be kept"),
    ] {
        let found = messages(quote!(), quote!(fn f() #ty { g() }));
        assert!(found.len() == 1 && found[0].contains(message), "{found:?}");
    }
    for ty in [quote!(&'static str), quote!(fn(&str) -> &str), quote!(Arc<dyn Fn(&u8) -> &u8 + Send + Sync>)]
    {
        model(quote!(), quote!(fn f() -> #ty { g() }));
    }
}

#[test]
fn what_all_wait_for_borrows_from_none() {
    let args = || quote!(single_flight, skip = [c]);
    let flown = model(
        args(),
        quote!(
            async fn f(a: &str, mut b: Option<&u8>, c: &Client, d: u8) -> u8 {
                0
            }
        ),
    );
    assert!(matches!(flown.flight, Flight::Polled(rebound) if rebound.len() == 3));
    let flown = model(
        quote!(single_flight),
        quote!(
            fn f(a: &&str) -> u8 {
                0
            }
        ),
    );
    assert!(matches!(flown.flight, Flight::Single));
    for item in [
        quote!(
            async fn f(&self, a: u8) -> u8 {
                0
            }
        ),
        quote!(
            async fn f(self: &Arc<Self>, a: u8) -> u8 {
                0
            }
        ),
        quote!(
            async fn f(a: &mut u8) -> u8 {
                0
            }
        ),
        quote!(
            async fn f((a, b): &(u8, u8)) -> u8 {
                0
            }
        ),
        quote!(
            async fn f(a: &&str) -> u8 {
                0
            }
        ),
    ] {
        let of_self = item.to_string().contains("self");
        let key = if of_self { quote!(key = |a| -> u8 { 0 }) } else { quote!(key = || -> u8 { 0 }) };
        let found = messages(quote!(single_flight, #key), item);
        assert!(found.len() == 1 && found[0].contains("belongs to all who wait for it"), "{found:?}");
    }
}

#[test]
fn keys_that_contradict_each_other() {
    for (args, message) in [
        (quote!(cache = C, capacity = 1), "`capacity` is of a cache that belongs to the function"),
        (quote!(cache = C, ttl = "1s"), "`ttl` is of a cache"),
        (quote!(cache = C, name = g), "`name` is of a cache"),
        (quote!(cache = C, stats), "`stats` is of a cache"),
        (quote!(stats), "add a name"),
        (quote!(capacity = 0), "keeps nothing"),
        (quote!(capacity = 1 MiB), "not of bytes"),
        (quote!(skip = [b]), "there is no argument `b`. Did you mean `a`?"),
        (quote!(skip = [a, a]), "twice"),
        (quote!(with_self), "no `self`"),
        (quote!(key = |a| -> u8 { *a }, skip = [a]), "remove `skip`"),
        (quote!(key = |a| *a), "the type of the key is missing"),
        (quote!(key = |c| -> u8 { *c }), "there is no argument `c`"),
        (quote!(key = |a: &u8| -> u8 { *a }), "write the name alone"),
        (quote!(key = |a| -> Cow<'_, str> { g(a) }), "longer than this borrow"),
        (quote!(key = a), "expected a closure"),
        (quote!(name = a::b), "expected the name of a function"),
        (quote!(cache = "C"), "without quotes"),
    ] {
        let found = messages(
            args,
            quote!(
                fn f(a: u8) -> u8 {
                    a
                }
            ),
        );
        assert!(found.len() == 1 && found[0].contains(message), "{found:?}: {message}");
    }
    model(
        quote!(capacity = 1 MiB, weigh = |_, value| value.len() as u32),
        quote!(
            fn f(a: u8) -> Vec<u8> {
                g(a)
            }
        ),
    );
}
