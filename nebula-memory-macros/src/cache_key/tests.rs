//! The model that comes of what the user wrote, and what is said of what is wrong.

use quote::quote;

use super::*;
use crate::cache_key::model::{Lent, Model, Shape, Style, Target};

fn checked(input: TokenStream) -> (Option<Model>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let model =
        parse::parse(input, &mut diagnostics).and_then(|parsed| check::check(parsed, &mut diagnostics));
    (model, diagnostics.messages())
}

fn shown(lent: &Lent) -> String {
    let target = |target: &Target| match target {
        Target::Known(name) => (*name).to_owned(),
        Target::Slice(ty) => format!("[{}]", quote!(#ty)),
        Target::Other(ty) => quote!(#ty).to_string(),
    };
    match lent {
        Lent::Copied => "copied".to_owned(),
        Lent::Whole => "whole".to_owned(),
        Lent::Referred(ty) => format!("&{}", quote!(#ty)),
        Lent::Borrowed { target: ty, own } => format!("{} {own:?}", target(ty)),
        Lent::Optional { target: ty, own, .. } => format!("? {} {own:?}", target(ty)),
    }
}

#[test]
fn fields_are_lent_by_what_they_are_called() {
    let input = quote! {
        struct Key<'a> {
            a: u32,
            b: String,
            c: std::vec::Vec<u8>,
            d: Option<PathBuf>,
            e: Option<u8>,
            f: Arc<str>,
            g: Box<Node>,
            h: Cow<'a, str>,
            i: &'a [u8],
            j: HashMap<u8, u8>,
            k: Vec<u8, A>,
            #[cache_key(borrow = [u8])]
            l: Bytes,
            #[cache_key(copy)]
            m: Id,
            n: Option<Id>,
        }
    };
    let (model, messages) = checked(input);
    assert!(messages.is_empty(), "{messages:?}");
    let model = model.unwrap();
    let found: Vec<_> = model.fields().map(|field| shown(&field.lent)).collect();
    let expected = [
        "copied",
        "str ToOwned",
        "[u8] ToOwned",
        "? Path ToOwned",
        "copied",
        "str From",
        "Node FromClone",
        "str Unknown",
        "&[u8]",
        "whole",
        "whole",
        "[u8] Unknown",
        "copied",
        "whole",
    ];
    assert_eq!(found, expected);
    assert_eq!(
        (model.twin.to_string(), model.lifetime.to_string()),
        ("KeyRef".to_owned(), "'key".to_owned())
    );
}

#[test]
fn variants_tell_what_they_are() {
    let (model, messages) = checked(quote!(
        #[repr(C, i16)]
        enum Key {
            /// Docs.
            A(String, u8) = 3,
            B {
                a: Vec<u8>,
            },
            C,
        }
    ));
    assert!(messages.is_empty(), "{messages:?}");
    let model = model.unwrap();
    let Shape::Enum { repr, variants } = &model.shape else { panic!("an enum") };
    assert_eq!(repr.as_ref().unwrap(), "i16");
    let found: Vec<_> = variants
        .iter()
        .map(|variant| {
            let parts = &variant.parts;
            let fields: Vec<_> = parts.fields.iter().map(|field| shown(&field.lent)).collect();
            let number = variant.discriminant.as_ref().map(|value| quote!(#value).to_string());
            (variant.ident.to_string(), parts.style, fields.join(", "), number, variant.docs.len())
        })
        .collect();
    let expected = [
        ("A", Style::Tuple, "str ToOwned, copied", Some("3"), 1),
        ("B", Style::Named, "[u8] ToOwned", None, 0),
        ("C", Style::Unit, "", None, 0),
    ];
    let expected = expected.map(|(name, style, fields, number, docs)| {
        (name.to_owned(), style, fields.to_owned(), number.map(str::to_owned), docs)
    });
    assert_eq!(found, expected);
}

#[test]
fn the_lifetime_is_one_that_is_not_taken() {
    let (model, _) = checked(quote!(
        #[cache_key(name = Parts)]
        struct Key<'key>(&'key str);
    ));
    let model = model.unwrap();
    assert_eq!(
        (model.twin.to_string(), model.lifetime.to_string()),
        ("Parts".to_owned(), "'key_".to_owned())
    );
}

#[test]
fn what_has_no_twin_is_told_why() {
    for (input, expected) in [
        (quote!(union Key { a: u8 }), &["for structs and enums"][..]),
        (
            quote!(
                enum Key {
                    A(u8),
                    B,
                }
            ),
            &["nothing in `Key` is borrowed"],
        ),
        (
            quote!(
                enum Key {}
            ),
            &["nothing in `Key` is borrowed"],
        ),
        (
            quote!(
                #[repr(u8)]
                enum Key {
                    #[cache_key(copy)]
                    A(String),
                    B {
                        a: list!(u8),
                    } = 1 + number!(),
                }
            ),
            &["a variant has no keys", "a macro call in the number", "a macro call in the type"],
        ),
        (
            quote!(
                struct Key {
                    a: u8,
                    #[cache_key(copy)]
                    b: Id,
                }
            ),
            &["nothing in `Key` is borrowed"],
        ),
        (
            quote!(
                struct Key;
            ),
            &["nothing in `Key` is borrowed"],
        ),
        (
            quote!(
                #[repr(packed)]
                struct Key {
                    a: String,
                }
            ),
            &["packed"],
        ),
        (
            quote!(
                #[cache_key(nam = X)]
                struct Key {
                    #[cache_key(borow = str)]
                    a: String,
                    #[cache_key(copy, borrow = str)]
                    b: String,
                }
            ),
            &["Did you mean `name`?", "Did you mean `borrow`?", "remove one of the two"],
        ),
        (
            quote!(
                struct Key {
                    #[cache_key(borrow = "str")]
                    a: String,
                }
            ),
            &["without quotes"],
        ),
        (
            quote!(
                struct Key {
                    a: list!(u8),
                }
            ),
            &["a macro call"],
        ),
    ] {
        let (model, messages) = checked(input);
        assert!(model.is_none());
        assert_eq!(messages.len(), expected.len(), "{messages:?}");
        for (message, expected) in messages.iter().zip(expected) {
            assert!(message.contains(expected), "{message}");
        }
    }
}
