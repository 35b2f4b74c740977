//! The tokens of an attribute's list before they are read as keys: sizes with a unit become numbers, and what stands
//! where a `=` belongs is reported and read as one.

use proc_macro2::{Literal, Punct, Spacing, TokenStream, TokenTree};

use crate::diagnostics::Diagnostics;
use crate::size::bytes_of;

/// The tokens as they are meant. `counts`: a key whose number is not one of bytes.
pub(crate) fn meant(tokens: TokenStream, counts: Option<&str>, diagnostics: &mut Diagnostics) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut out = Vec::new();
    // The key, whether its separator has been seen, and whether commas are between the parameters of a closure.
    let (mut key, mut in_value, mut in_closure) = (None, false, false);
    while let Some(tree) = trees.next() {
        match &tree {
            TokenTree::Punct(bar) if bar.as_char() == '|' => in_closure = !in_closure,
            TokenTree::Punct(comma) if comma.as_char() == ',' && !in_closure => {
                (key, in_value) = (None, false);
            }
            TokenTree::Ident(word) if key.is_none() => key = Some(word.to_string()),
            TokenTree::Punct(equal) if equal.as_char() == '=' => in_value = true,
            TokenTree::Punct(colon)
                if colon.as_char() == ':' && colon.spacing() == Spacing::Alone && !in_value =>
            {
                // Directly behind the key, and not the end of a `::`.
                if let (Some(key), Some(TokenTree::Ident(_))) = (&key, out.last()) {
                    diagnostics.error_at(colon.span(), format_args!("expected `=`: write `{key} = …`"));
                    let mut equal = Punct::new('=', Spacing::Alone);
                    equal.set_span(colon.span());
                    out.push(equal.into());
                    in_value = true;
                    continue;
                }
            }
            TokenTree::Literal(number) if in_value => {
                let unit = trees.next_if(|next| matches!(next, TokenTree::Ident(word) if word != "as"));
                match bytes_of(number, unit.as_ref()) {
                    Ok(Some(bytes)) => {
                        if let Some(key) = key.as_deref().filter(|key| counts == Some(*key)) {
                            let message = format!(
                                "`{key}` is a number of values, not of bytes: write `{key} = {bytes}`"
                            );
                            diagnostics.error_over(
                                &[Some(tree.clone()), unit].into_iter().flatten().collect::<TokenStream>(),
                                message,
                            );
                        }
                        let mut literal = Literal::u128_unsuffixed(bytes);
                        literal.set_span(number.span());
                        out.push(literal.into());
                        continue;
                    }
                    Ok(None) => {
                        out.push(tree.clone());
                        out.extend(unit);
                    }
                    Err(error) => {
                        diagnostics.push(error);
                        let mut literal = Literal::u128_unsuffixed(1);
                        literal.set_span(number.span());
                        out.push(literal.into());
                    }
                }
                continue;
            }
            _ => {}
        }
        out.push(tree);
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn check(tokens: TokenStream, expected: &TokenStream, messages: &[&str]) {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(meant(tokens, Some("capacity"), &mut diagnostics).to_string(), expected.to_string());
        let found = diagnostics.messages();
        assert_eq!(found.len(), messages.len(), "{found:?}");
        for (found, message) in found.iter().zip(messages) {
            assert!(found.contains(message), "{found}");
        }
    }

    #[test]
    fn values_stay_as_they_are() {
        for tokens in [
            quote!(default = HashMap::<K, V>::new(), into),
            quote!(default = |a: u8, b: u8| a, rename = x),
            quote!(check = |value: &Self| value.check(), error = Vec<(A, B)>),
            quote!(default = 3 as u8, skip = 1u8, vis = pub(in crate::a)),
            quote!(default = a::<b, c::D>(), default = 1.5),
        ] {
            check(tokens.clone(), &tokens, &[]);
        }
    }

    #[test]
    fn units_become_numbers() {
        check(
            quote!(max_bytes = 64 KiB, align = 64bytes, crate = c),
            &quote!(max_bytes = 65536, align = 64, crate = c),
            &[],
        );
        check(quote!(capacity = 1 KiB), &quote!(capacity = 1024), &["a number of values"]);
        check(quote!(max_bytes = 1 kB), &quote!(max_bytes = 1), &["did you mean `KiB`?"]);
    }

    #[test]
    fn a_colon_is_read_as_an_equals_sign() {
        check(
            quote!(capacity: 3, name: x),
            &quote!(capacity = 3, name = x),
            &["`capacity = …`", "`name = …`"],
        );
    }
}
