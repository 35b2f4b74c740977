//! What the compiler says when a required field is missing, or set twice.
//!
//! A trait for each field that is demanded, with the text in full, and one for all that must not be set twice, because there the
//! compiler points at the name. They are in a module of their own: there, `diagnostic` is the
//! compiler's, whatever else the user has called like that. The runtime's traits above them are sealed, so that none has
//! another implementation, not even one by a macro in a default expression, which stands where it can name them. (If the
//! path of the runtime means something else in a nested module, the traits are not sealed, and `Partial::finish` is what
//! holds.)

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::Context;
use crate::hygiene::bare;
use crate::typestate::model::FieldModel;

/// What a method demands of a required field.
#[derive(Clone, Copy)]
pub(super) enum State {
    Set,
    Unset,
}

impl State {
    /// The name of the trait. Not just that of the setter, which may be `diagnostic`.
    pub(super) fn trait_of(self, field: &FieldModel) -> Ident {
        match self {
            Self::Set => format_ident!("{}_is_set", bare(&field.setter), span = Span::mixed_site()),
            Self::Unset => Ident::new("is_unset", Span::mixed_site()),
        }
    }

    /// What all of them have in common, in the runtime.
    pub(super) fn common_trait(self) -> Ident {
        let name = match self {
            Self::Set => "IsSet",
            Self::Unset => "IsUnset",
        };
        Ident::new(name, Span::mixed_site())
    }

    /// The one type that implements them, in the runtime.
    fn state_type(self) -> Ident {
        let name = match self {
            Self::Set => "Set",
            Self::Unset => "Unset",
        };
        Ident::new(name, Span::mixed_site())
    }

    /// What is said of a field of the type `of` that is in the other state: the message, and the label.
    fn text(self, of: &str, field: &FieldModel) -> [String; 2] {
        match self {
            Self::Set => {
                let name = bare(&field.setter);
                [
                    format!("cannot finish building `{of}`: required field `{name}` is not set"),
                    format!("call `.{name}(..)` before this"),
                ]
            }
            Self::Unset => [
                format!("this field of `{of}` is already set"),
                "set twice: remove one of the two calls".to_owned(),
            ],
        }
    }
}

/// The traits of all required fields.
pub(super) fn states(cx: &Context<'_>) -> TokenStream {
    if cx.required.is_empty() || cx.target.bare {
        return TokenStream::new();
    }
    let sealed = cx.target.krate.is_absolute();
    let (mut inside, mut outside) = (TokenStream::new(), TokenStream::new());
    let (module, runtime) = (&cx.traits, &cx.runtime);
    if sealed {
        let krate = &cx.target.krate;
        inside.extend(
            quote_spanned!(Span::mixed_site()=> use #krate::__private::{IsSet, IsUnset, Set, Unset};),
        );
    }
    let of = bare(&cx.target.ident);
    let fields = cx.required.iter().map(|(field, _)| (State::Set, *field));
    let first = cx.required.first().map(|(field, _)| (State::Unset, *field));
    for (state, field) in fields.chain(first) {
        let (name, ty) = (state.trait_of(field), state.state_type());
        let [message, label] = state.text(&of, field);
        let common = sealed.then(|| state.common_trait());
        inside.extend(quote_spanned! {Span::mixed_site()=>
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #name: #common {}
        });
        if sealed {
            inside.extend(quote_spanned! {Span::mixed_site()=>
                #[diagnostic::do_not_recommend]
                impl #name for #ty {}
            });
        } else {
            outside.extend(quote_spanned!(Span::mixed_site()=> impl #module::#name for #runtime::#ty {}));
        }
    }
    quote_spanned! {Span::mixed_site()=>
        mod #module {
            #inside
        }
        #outside
    }
}
