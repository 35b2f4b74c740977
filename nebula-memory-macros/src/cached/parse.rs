//! What the user wrote: the arguments, not yet judged, and the function.

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Expr, ExprClosure, Path};

use super::life::Life;
use crate::attr_tokens::meant;
use crate::attrs::{Callee, Size, Switch, ungroup, word_of};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::function::Function;
use crate::keys::{Keyed, read};

/// The input of the macro.
pub(super) struct Parsed {
    pub(super) args: Args,
    /// An argument has been reported, so that a key may be missing from `args`.
    pub(super) broken: bool,
    pub(super) function: Function,
}

/// The keys of `#[cached(…)]`.
#[derive(Default, FromMeta)]
pub(crate) struct Args {
    pub(super) capacity: Option<Size>,
    pub(super) policy: Option<Policy>,
    pub(super) ttl: Option<Life>,
    pub(super) tti: Option<Life>,
    pub(super) weigh: Option<Callee>,
    pub(super) key: Option<KeyOf>,
    pub(super) skip: Option<Skip>,
    pub(super) with_self: Switch,
    pub(super) keep: Option<Keep>,
    pub(super) single_flight: Switch,
    pub(super) stats: Switch,
    pub(super) name: Option<Companion>,
    pub(super) cache: Option<Value>,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for Args {
    const KEYS: &'static [&'static str] = &[
        "capacity",
        "policy",
        "ttl",
        "tti",
        "weigh",
        "key",
        "skip",
        "with_self",
        "keep",
        "single_flight",
        "stats",
        "name",
        "cache",
        "crate",
    ];
}

/// Reads arguments and function; reports and gives up on what is not a function.
pub(super) fn parse(args: TokenStream, item: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    // A capacity is a number of results unless they are weighed.
    let weighed =
        args.clone().into_iter().any(|tree| matches!(tree, TokenTree::Ident(word) if word == "weigh"));
    let args = meant(args, (!weighed).then_some("capacity"), diagnostics);
    let args = diagnostics
        .take(NestedMeta::parse_meta_list(args))
        .map(|list| read::<Args>(list, Args::KEYS, diagnostics))
        .unwrap_or_default();
    let broken = diagnostics.len() > 0;
    let refusal = "`#[cached]` goes on a function, it keeps the results";
    let function = Function::parse(item, refusal, diagnostics)?;
    Some(Parsed { args, broken, function })
}

/// Who leaves first.
pub(super) struct Policy(pub(super) Ident);

impl Policy {
    /// The words, and the types of the runtime.
    pub(super) const KNOWN: [(&'static str, &'static str); 9] = [
        ("lru", "Lru"),
        ("lfu", "Lfu"),
        ("fifo", "Fifo"),
        ("random", "Random"),
        ("sieve", "Sieve"),
        ("s3fifo", "S3Fifo"),
        ("elastic", "Elastic"),
        ("wtinylfu", "WTinyLfu"),
        ("adaptive", "Adaptive"),
    ];

    const ALL: &'static str = "the policies are `lru`, `lfu`, `fifo`, `random`, `sieve`, `s3fifo`, `elastic`, \
                               `wtinylfu` and `adaptive`";
}

impl FromMeta for Policy {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(format_args!("expected a policy: {}", Self::ALL)))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let words = Self::KNOWN.map(|known| known.0);
        let word = word_of(expr, &words, Self::ALL)?;
        let ty = Self::KNOWN.iter().find(|known| word == known.0).map_or("Elastic", |known| known.1);
        Ok(Self(Ident::new(ty, word.span())))
    }
}

/// Which results are kept.
pub(super) struct Keep(pub(super) Ident);

impl Keep {
    const ALL: &'static str = "`keep = ok` keeps what is `Ok`, `keep = some` keeps what is `Some`, and `keep = all` keeps \
                               every result";
}

impl FromMeta for Keep {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(format_args!("expected which results are kept: {}", Self::ALL)))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        word_of(expr, &["ok", "some", "all"], Self::ALL).map(Self)
    }
}

/// The closure that makes a key from arguments.
pub(super) struct KeyOf(pub(super) ExprClosure);

impl KeyOf {
    const EXPECTED: &'static str =
        "expected a closure: `key = |a, b| -> Key { … }`, with the names of arguments";
}

impl FromMeta for KeyOf {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(Self::EXPECTED))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match ungroup(expr) {
            Expr::Closure(closure) => Ok(Self(closure.clone())),
            _ => Err(darling::Error::custom(Self::EXPECTED).with_span(expr)),
        }
    }
}

/// The arguments that are not part of the key.
pub(super) struct Skip(pub(super) Vec<Ident>);

impl Skip {
    const EXPECTED: &'static str = "expected the names of arguments: `skip = [a, b]`";
}

impl FromMeta for Skip {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(Self::EXPECTED))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let error = |at: &Expr| darling::Error::custom(Self::EXPECTED).with_span(at);
        let name = |expr: &Expr| match ungroup(expr) {
            Expr::Path(path) if path.qself.is_none() => path.path.get_ident().cloned(),
            _ => None,
        };
        let Expr::Array(array) = ungroup(expr) else { return Err(error(expr)) };
        array
            .elems
            .iter()
            .map(|item| name(item).ok_or_else(|| error(item)))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// The function that gives the cache.
pub(super) struct Companion {
    pub(super) path: Path,
    pub(super) name: Ident,
    /// Written as `Self::name`.
    pub(super) associated: bool,
}

impl Companion {
    const EXPECTED: &'static str = "expected the name of a function that gives the cache: `name = prices`, or `name = Self::prices` in an `impl`";
}

impl FromMeta for Companion {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(Self::EXPECTED))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let error = || darling::Error::custom(Self::EXPECTED).with_span(expr);
        let Expr::Path(path) = ungroup(expr) else { return Err(error()) };
        let plain = path.qself.is_none() && path.path.leading_colon.is_none();
        let segments: Vec<_> = path.path.segments.iter().collect();
        let (associated, name) = match &segments[..] {
            [name] => (false, *name),
            [of, name] if of.ident == "Self" && of.arguments.is_none() => (true, *name),
            _ => return Err(error()),
        };
        let word = ["self", "Self", "super", "crate"].iter().any(|word| name.ident == word);
        if !plain || word || !name.arguments.is_none() {
            return Err(error());
        }
        Ok(Self { path: path.path.clone(), name: name.ident.clone(), associated })
    }
}

/// Any expression.
pub(super) struct Value(pub(super) Expr);

impl FromMeta for Value {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected a cache: `cache = PRICES`, or another expression"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match ungroup(expr) {
            Expr::Lit(literal) => {
                Err(darling::Error::custom("expected a cache, without quotes: `cache = PRICES`")
                    .with_span(literal))
            }
            _ => Ok(Self(expr.clone())),
        }
    }
}
