//! `memory_scope!`: a block with a scope of an allocator.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr, Token};

use crate::attrs::ungroup;
use crate::crate_path::CratePath;
use crate::hygiene::at;

const FORMS: &str = "`memory_scope!(allocator, { … })`, `memory_scope!(allocator, |scope| { … })` or \
                     `memory_scope!(\"name\", allocator, { … })`";

/// The whole macro.
pub(crate) fn memory_scope(input: TokenStream) -> TokenStream {
    match syn::parse2::<Scope>(input) {
        Ok(scope) => scope.expand(),
        Err(error) => error.into_compile_error(),
    }
}

/// `memory_scope!(…)` taken apart.
struct Scope {
    krate: CratePath,
    /// For the error trail.
    trail: Option<LitStr>,
    allocator: Expr,
    name: Ident,
    block: Group,
}

impl Parse for Scope {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        let trail = if input.peek(LitStr) && input.peek2(Token![,]) {
            let trail = input.parse()?;
            input.parse::<Token![,]>()?;
            Some(trail)
        } else {
            None
        };
        let expected = |span| syn::Error::new(span, format_args!("expected `,` and a block: write {FORMS}"));
        if input.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                format_args!("expected an allocator: write {FORMS}"),
            ));
        }
        // `a { … }` is a struct literal to the parser of expressions.
        if input.peek(syn::Ident) && input.peek2(syn::token::Brace) {
            input.parse::<Ident>()?;
            return Err(expected(input.span()));
        }
        let allocator: Expr = input.parse()?;
        if !input.peek(Token![,]) {
            return Err(expected(if input.is_empty() { Span::call_site() } else { input.span() }));
        }
        input.parse::<Token![,]>()?;
        let parameter = if input.peek(Token![|]) { Some(parameter(input)?) } else { None };
        let block = block(input)
            .map_err(|_| expected(if input.is_empty() { Span::call_site() } else { input.span() }))?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format_args!("unexpected tokens after the block: write {FORMS}")));
        }
        let name = match parameter {
            Some(name) => name,
            None => match ungroup(&allocator) {
                Expr::Path(path) if path.path.get_ident().is_some_and(|name| name != "self") => {
                    path.path.require_ident()?.clone()
                }
                other => {
                    return Err(syn::Error::new_spanned(
                        other,
                        "only a variable gives the scope its name: write `memory_scope!(expression, |scope| { … })`",
                    ));
                }
            },
        };
        Ok(Self { krate, trail, allocator, name, block })
    }
}

impl Scope {
    fn expand(&self) -> TokenStream {
        let krate = &self.krate;
        let scope = open(&self.allocator, &self.name, &self.block);
        match &self.trail {
            Some(trail) => quote_spanned! {Span::mixed_site()=>
                match #krate::__private::enter(#trail) { _entered => #scope }
            },
            None => scope,
        }
    }
}

/// `|name|` before a block.
pub(crate) fn parameter(input: ParseStream<'_>) -> syn::Result<Ident> {
    input.parse::<Token![|]>()?;
    // It is `mut` anyway.
    input.parse::<Option<Token![mut]>>()?;
    let name = if input.peek(Token![_]) {
        Ident::new("_scope", input.parse::<Token![_]>()?.spans[0])
    } else {
        input.parse()?
    };
    input.parse::<Token![|]>()?;
    Ok(name)
}

/// The braces in the invisible group around a `$block` of `macro_rules!`.
pub(crate) fn braces_in(group: &Group) -> Option<Group> {
    if group.delimiter() != Delimiter::None {
        return None;
    }
    let mut trees = group.stream().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(braces)), None) if braces.delimiter() == Delimiter::Brace => Some(braces),
        _ => None,
    }
}

/// A block, not looked into.
pub(crate) fn block(input: ParseStream<'_>) -> syn::Result<Group> {
    input.step(|cursor| match cursor.token_tree() {
        Some((TokenTree::Group(group), rest)) if group.delimiter() == Delimiter::Brace => Ok((group, rest)),
        // A block that came through `macro_rules!` as `$block`.
        Some((TokenTree::Group(group), rest)) => {
            braces_in(&group).map(|braces| (braces, rest)).ok_or_else(|| cursor.error("expected a block"))
        }
        _ => Err(cursor.error("expected a block")),
    })
}

/// The block with a scope of `allocator` that is called `name`.
///
/// There are two, one in the other: what is allocated in the inner one borrows from the outer one, which ends with
/// the block, so it cannot leave it. `match`, because temporaries of the expression and of the block's last
/// expression then live as long as they must and no longer.
pub(crate) fn open(allocator: &impl ToTokens, name: &Ident, block: &Group) -> TokenStream {
    let mut user = Group::new(Delimiter::Brace, block.stream());
    // Not the user's braces: they would be `unused_braces` around a single expression.
    user.set_span(at(block.span()));
    // With it the whole pattern is at the user's place, or the compiler calls the variable a temporary value.
    let mutable = Token![mut](name.span());
    quote_spanned! {Span::mixed_site()=>
        match (#allocator).scope() {
            #[allow(clippy::shadow_reuse, clippy::shadow_same, clippy::shadow_unrelated)]
            #mutable #name => match #name.scope() {
                #mutable #name => {
                    let _ = &mut #name;
                    #user
                }
            },
        }
    }
}
