//! What the macros make of one typical input each, beside files with the expected code.
//!
//! `NEBULA_BLESS=1 cargo test -p nebula-memory-macros` writes the files anew: look at the difference.

use std::path::Path;
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::quote;

fn check(name: &str, code: TokenStream) {
    let file = syn::parse2(code).expect("the code parses");
    let code = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/tests/expected/{name}.rs"));
    if env::var_os("NEBULA_BLESS").is_some() {
        fs::write(&path, &code).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(code == expected, "{} differs from what is generated now:\n{code}", path.display());
}

fn check_expression(name: &str, code: &TokenStream) {
    check(name, quote!(fn value() { #code }));
}

#[test]
fn pooled() {
    let input = quote! {
        /// A user.
        #[pooled(capacity = 16)]
        pub struct User {
            /// Its number.
            pub id: u64,
            name: Option<String>,
            #[pooled(default = 3, into)]
            tries: u64,
            bytes: [u8; 512],
        }
    };
    check("pooled", crate::pooled::derive(input));
}

#[test]
fn pooled_local() {
    let input = quote! {
        #[pooled(capacity = 16, align = 64, max_bytes = 4 KiB, threading = local, on_exhausted = heap)]
        struct User {
            id: Rc<u64>,
        }
    };
    check("pooled_local", crate::pooled::derive(input));
}

#[test]
fn pooled_stats() {
    let input = quote! {
        #[pooled(capacity = 16, stats)]
        struct User;
    };
    check("pooled_stats", crate::pooled::derive(input));
}

#[test]
fn pooled_reset() {
    let input = quote! {
        #[pooled(capacity = 16, reset, stats, threading = local, on_exhausted = heap, on_release = Self::end)]
        struct User {
            id: u64,
            #[pooled(reset = clear)]
            buffer: Vec<u8>,
            #[pooled(default = 3, reset = default)]
            tries: u8,
            #[pooled(reset = keep)]
            name: Option<String>,
            #[pooled(skip, reset = Self::shrink)]
            scratch: Vec<u8>,
        }
    };
    check("pooled_reset", crate::pooled::derive(input));
}

#[test]
fn pooled_generic() {
    let input = quote! {
        #[pooled(builder = Chain, crate = crate::memory)]
        struct Node<'a, T: Clone = u8, const S0: usize = 1> where T: Send {
            next: Option<&'a Self>,
            values: [T; S0],
        }
    };
    check("pooled_generic", crate::pooled::derive(input));
}

#[test]
fn builder() {
    let input = quote! {
        /// How to listen.
        #[builder(check = Self::check, error = Vec<String>)]
        pub struct Options {
            /// The port.
            pub port: u16,
            #[builder(default = 4)]
            threads: usize,
            limit: Option<usize>,
        }
    };
    check("builder", crate::builder::derive(input));
}

#[test]
fn builder_generic() {
    let input = quote! {
        #[builder(builder = Chain, crate = crate::memory)]
        struct Node<'a, T: Clone = u8, const S0: usize = 1> where T: Send {
            next: Option<&'a Self>,
            values: [T; S0],
        }
    };
    check("builder_generic", crate::builder::derive(input));
}

#[test]
fn arena() {
    let item = quote! {
        /// Docs.
        pub async fn render<'p>(page: &'p Page) -> Result<&'p str, Error> {
            #![allow(unused)]
            let words = arena.alloc_str(page.text()?);
            Ok(page.find(words).await?)
        }
    };
    check("arena", crate::arena::attribute(quote!(capacity = 64 * KIB), item));
}

#[test]
fn cached() {
    let item = quote! {
        /// Docs.
        pub(crate) fn price(item: &str, region: u32) -> Result<u64, Error> {
            #![allow(unused)]
            Ok(ask(item)?.times(region))
        }
    };
    check("cached", crate::cached::attribute(quote!(capacity = 10_000, policy = lru, ttl = "5m"), item));
}

#[test]
fn cached_async() {
    let item = quote! {
        #[cfg(feature = "prices")]
        async fn price<T: Item, const N: usize>(self: Arc<Self>, item: T, note: Option<&str>) -> Option<u64> where T: Clone {
            self.ask(item).await
        }
    };
    let args = quote!(
        with_self,
        keep = some,
        single_flight,
        stats,
        weigh = |_, _| 1,
        name = Self::prices,
        tti = LIFE
    );
    check("cached_async", crate::cached::attribute(args, item));
}

#[test]
fn cached_key() {
    let item = quote! {
        fn price(&self, url: &Url, depth: u8, buffer: &mut Vec<u8>) -> Price {
            self.ask(url)
        }
    };
    let args = quote!(
        cache = self.prices,
        key = |url, depth| -> &str {
            if *depth > 3 {
                return "deep";
            }
            url.host()
        }
    );
    check("cached_key", crate::cached::attribute(args, item));
}

#[test]
fn cache_key() {
    let input = quote! {
        /// Where something is.
        #[cache_key(name = PlaceParts, vis = pub(crate))]
        pub struct Place<'a, T: Clone = u8> where T: Send {
            /// The number.
            pub shelf: u32,
            room: String,
            path: Option<PathBuf>,
            tags: Vec<T>,
            owner: &'a str,
            #[cache_key(borrow = [u8])]
            bytes: Bytes,
        }
    };
    check("cache_key", crate::cache_key::derive(input));
}

#[test]
fn cache_key_enum() {
    let input = quote! {
        #[repr(u8)]
        enum Source<'a, T> {
            /// On a disk.
            File { path: PathBuf, line: Option<String> } = 3,
            Memory(Vec<T>, u32),
            Named(&'a str),
            Nowhere,
        }
    };
    check("cache_key_enum", crate::cache_key::derive(input));
}

#[test]
fn cache_key_tuple() {
    check(
        "cache_key_tuple",
        crate::cache_key::derive(quote!(
            struct Name(String, Box<[u8]>, u8);
        )),
    );
}

#[test]
fn memory_scope() {
    check_expression("memory_scope", &crate::scope::memory_scope(quote!("parse", a, { a.alloc(1) })));
}

#[test]
fn alloc() {
    check_expression("alloc", &crate::alloc::alloc(quote!(a, Point<u8> { x: 1, y: f()? })));
}

#[test]
fn allocator() {
    check_expression(
        "allocator",
        &crate::allocator::allocator(quote!(scoped bump 4096 => |a| { a.alloc(1) })),
    );
}

#[test]
fn allocator_options() {
    let input = quote!(bump 64 * KIB, { threading: shared, tracked: true, align: 8, budget: 1 KiB });
    check_expression("allocator_options", &crate::allocator::allocator(input));
}

#[test]
fn allocator_item() {
    let input = quote! {
        /// Memory of one request.
        #[cfg(feature = "requests")]
        pub struct RequestMemory {
            /// Nodes.
            small: pool(64 bytes x COUNT),
            large: bump(1 MiB),
            fallback: system,
            budget: 8 MiB,
            stats: on,
        }
    };
    check("allocator_item", crate::allocator::allocator(input));
}

#[test]
fn budget() {
    let input = quote!(total: 8 * MIB, per_alloc: 1 MiB, soft: soft() => &notify, threading: shared);
    check_expression("budget", &crate::budget::budget(input));
}

#[test]
fn dealloc() {
    check_expression("dealloc", &crate::dealloc::dealloc(quote!(self.memory, pointer)));
}

/// With `crate = path` nothing is looked for at its usual place.
#[test]
fn another_crate_path_is_used_throughout() {
    let pooled = quote! {
        #[pooled(crate = other, capacity = 1, align = 64)]
        struct A {
            a: u8,
            #[pooled(default)]
            b: [u8; 2],
            #[pooled(into)]
            c: Option<u8>,
        }
    };
    let local = quote! {
        #[pooled(crate = other, capacity = 1, threading = local, stats, max_bytes = 8)]
        struct A(u8);
    };
    let reset = quote! {
        #[pooled(crate = other, capacity = 1, reset)]
        struct A(#[pooled(reset = default)] u8, #[pooled(default, reset = f)] u8);
    };
    let builder = quote! {
        #[builder(crate = other, check = f)]
        struct A {
            a: u8,
            #[builder(default)]
            b: [u8; 2],
            #[builder(into)]
            c: Option<u8>,
        }
    };
    for code in [
        crate::pooled::derive(pooled),
        crate::pooled::derive(local),
        crate::pooled::derive(reset),
        crate::builder::derive(builder),
        crate::arena::attribute(
            quote!(crate = other, capacity = 1),
            quote!(
                fn f() {}
            ),
        ),
        crate::cached::attribute(
            quote!(crate = other, ttl = "1s", weigh = f, single_flight, stats, name = g),
            quote!(
                async fn f(a: &str, b: Option<&str>) -> Result<u8, u8> {}
            ),
        ),
        crate::cached::attribute(
            quote!(crate = other, key = |a| -> u8 { *a }, tti = LIFE),
            quote!(
                fn f(a: u8) -> u8 {}
            ),
        ),
        crate::cache_key::derive(quote! {
            #[cache_key(crate = other)]
            struct A {
                a: u8,
                b: Option<String>,
                c: Box<[T]>,
                #[cache_key(copy)]
                d: D,
            }
        }),
        crate::scope::memory_scope(quote!(crate = other, "name", a, {})),
        crate::alloc::alloc(quote!(crate = other, a, A { a: 1 })),
        crate::allocator::allocator(quote!(crate = other, scoped bump 1 => |a| {})),
        crate::allocator::allocator(quote!(crate = other, pool n x m, { align: a, budget: b, stats: on })),
        crate::allocator::allocator(quote! {
            crate = other,
            struct A {
                a: pool(N x N),
                b: stack(N) up to N,
                c: bump(N),
                fallback: bump(1),
                budget: N,
                stats: on,
            }
        }),
        crate::budget::budget(quote!(crate = other, n, per_alloc: m, soft: s => &f)),
        crate::dealloc::dealloc(quote!(crate = other, a, p)),
    ] {
        let code = code.to_string();
        assert!(!code.contains("nebula_memory"), "{code}");
        assert!(!code.contains("compile_error"), "{code}");
    }
}
