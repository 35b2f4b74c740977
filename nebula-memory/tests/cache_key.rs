//! Keys, and the twins by which they are looked up.
#![cfg(all(not(loom), feature = "cache", feature = "macros", feature = "std"))]

mod support;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use equivalent::Equivalent;
use nebula_memory::CacheKey;
use nebula_memory::cache::{Cache, CacheValue};
use proptest::prelude::*;

fn hashes<A: Hash + ?Sized, B: Hash + ?Sized>(a: &A, b: &B) -> bool {
    let hasher = RandomState::new();
    hasher.hash_one(a) == hasher.hash_one(b)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Id(u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash, CacheKey)]
struct Everything {
    number: u64,
    letter: char,
    text: String,
    bytes: Vec<u8>,
    path: PathBuf,
    shared: Arc<str>,
    boxed: Box<[u16]>,
    one: Rc<u32>,
    note: Option<String>,
    maybe: Option<i8>,
    map: BTreeMap<u8, String>,
    array: [u8; 3],
    #[cache_key(copy)]
    id: Id,
    r#type: (u8, String),
}

fn everything() -> Everything {
    Everything {
        number: 1,
        letter: 'x',
        text: "text".into(),
        bytes: vec![1, 2],
        path: "/a/b".into(),
        shared: "shared".into(),
        boxed: Box::new([1, 2]),
        one: Rc::new(7),
        note: Some("note".into()),
        maybe: None,
        map: [(1, "one".into())].into(),
        array: [1, 2, 3],
        id: Id(9),
        r#type: (1, "t".into()),
    }
}

#[test]
fn a_twin_has_every_part_borrowed() {
    let key = everything();
    let (map, pair) = (key.map.clone(), key.r#type.clone());
    let twin = EverythingRef::new(
        1,
        'x',
        "text",
        &[1, 2],
        Path::new("/a/b"),
        "shared",
        &[1, 2],
        &7,
        Some("note"),
        None,
        &map,
        &[1, 2, 3],
        Id(9),
        &pair,
    );
    assert!(twin.equivalent(&key) && hashes(&twin, &key));
    assert!(twin == EverythingRef::from(&key));
    assert_eq!(twin.to_key(), key);
    assert_eq!(format!("{twin:?}"), "EverythingRef { .. }");
    for other in [
        EverythingRef { number: 2, ..twin },
        EverythingRef { letter: 'y', ..twin },
        EverythingRef { text: "tex", ..twin },
        EverythingRef { bytes: &[1], ..twin },
        EverythingRef { path: Path::new("/a"), ..twin },
        EverythingRef { shared: "", ..twin },
        EverythingRef { boxed: &[], ..twin },
        EverythingRef { one: &8, ..twin },
        EverythingRef { note: None, ..twin },
        EverythingRef { maybe: Some(1), ..twin },
        EverythingRef { map: &BTreeMap::new(), ..twin },
        EverythingRef { array: &[1, 2, 4], ..twin },
        EverythingRef { id: Id(8), ..twin },
        EverythingRef { r#type: &(1, String::new()), ..twin },
    ] {
        assert!(!other.equivalent(&key) && other != twin && !hashes(&other, &key));
    }
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Name(String, u8);

#[test]
fn parts_look_up_what_was_kept() {
    let mut cache = Cache::new(10);
    cache.insert(Name("ada".to_owned(), 1), 1815);
    cache.insert(Name("ada".to_owned(), 2), 1852);
    assert_eq!(cache.get(&NameRef::new("ada", 2)), Some(&1852));
    assert_eq!(cache.get(&NameRef("ada", 3)), None);
    assert_eq!(cache.remove(&NameRef::new("ada", 1)), Some(1815));
    assert_eq!(cache.len(), 1);
}

mod inner {
    /// Of any type, in a place with little in it.
    #[derive(Clone, PartialEq, Eq, Hash, nebula_memory::CacheKey)]
    #[cache_key(name = Parts, vis = pub(super))]
    pub(super) struct Generic<'a, T: Clone + 'a, const N: usize = 2>
    where
        T: Ord,
    {
        pub(super) items: Vec<T>,
        pub(super) arrays: [T; N],
        pub(super) text: &'a str,
        pub(super) cow: std::borrow::Cow<'a, str>,
        pub(super) inner: Option<Box<Self>>,
        #[cache_key(copy)]
        pub(super) kept: std::marker::PhantomData<&'a T>,
        #[cache_key(borrow = [T])]
        pub(super) more: Vec<T>,
    }
}

#[test]
fn generic_keys_have_generic_twins() {
    let key = inner::Generic {
        items: vec!["a".to_owned()],
        arrays: ["b".to_owned(), "c".to_owned()],
        text: "d",
        cow: Cow::Borrowed("e"),
        inner: None,
        kept: std::marker::PhantomData,
        more: Vec::new(),
    };
    let (d, e) = ("d".to_owned(), "e".to_owned());
    let twin = inner::Parts::new(&key.items, &key.arrays, &d, &e, None, std::marker::PhantomData, &[]);
    assert!(twin.equivalent(&key) && hashes(&twin, &key) && inner::Parts::from(&key) == twin);
}

#[test]
fn twins_of_references_need_no_long_ones() {
    #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
    struct Static<'a> {
        name: &'a str,
    }
    let mut cache = Cache::new(10);
    cache.insert(Static { name: "a long life" }, ());
    let short = "a long ".to_owned() + "life";
    assert!(cache.contains(&StaticRef::new(&short)));
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, CacheKey)]
enum Source {
    File { path: PathBuf, line: Option<String>, number: u32 },
    Memory(Vec<u8>, Arc<str>),
    Other(BTreeMap<u8, String>),
    Kind(#[cache_key(copy)] Id, Option<u8>),
    Nowhere,
    Nothing {},
    Void(),
}

/// One of each variant, and one that differs in each part.
fn sources() -> Vec<Source> {
    let file = |path: &str, line: Option<&str>, number| Source::File {
        path: path.into(),
        line: line.map(str::to_owned),
        number,
    };
    vec![
        file("/a", None, 1),
        file("/b", None, 1),
        file("/a", Some("x"), 1),
        file("/a", None, 2),
        Source::Memory(vec![1], "x".into()),
        Source::Memory(vec![2], "x".into()),
        Source::Memory(vec![1], "y".into()),
        Source::Other([(1, "one".into())].into()),
        Source::Other(BTreeMap::new()),
        Source::Kind(Id(1), None),
        Source::Kind(Id(2), None),
        Source::Kind(Id(1), Some(1)),
        Source::Nowhere,
        Source::Nothing {},
        Source::Void(),
    ]
}

#[test]
fn the_twin_of_an_enum_has_its_variants() {
    let keys = sources();
    for (at, key) in keys.iter().enumerate() {
        let twin = SourceRef::from(key);
        assert_eq!(&twin.to_key(), key);
        for (other_at, other) in keys.iter().enumerate() {
            let same = at == other_at;
            assert_eq!((twin.equivalent(other), hashes(&twin, other)), (same, same), "{key:?} {other:?}");
            assert_eq!(twin == SourceRef::from(other), same);
        }
    }
    let mut cache = Cache::new(20);
    cache.extend(keys.into_iter().zip(0..));
    let path = Path::new("/a");
    assert_eq!(cache.get(&SourceRef::File { path, line: Some("x"), number: 1 }), Some(&2));
    assert_eq!(cache.get(&SourceRef::Memory(&[1], "y")), Some(&6));
    assert_eq!(cache.get(&SourceRef::Memory(&[1], "z")), None);
    assert_eq!(cache.get(&SourceRef::Nowhere), Some(&12));
    assert_eq!(cache.get_or_insert_with_by_ref(&SourceRef::Kind(Id(3), None), || 99), Ok(&mut 99));
    assert_eq!(cache.get(&Source::Kind(Id(3), None)), Some(&99));
    assert_eq!(format!("{:?}", SourceRef::Memory(&[], "")), "Memory { .. }");
}

/// Variants are told apart by what is hashed of them: their numbers, in the integer that was chosen; one alone by nothing.
#[test]
fn the_twin_of_an_enum_has_its_numbers() {
    const LAST: u8 = 200;

    #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
    #[repr(u8)]
    enum Numbered {
        Seven(String) = 7,
        Last { text: String } = LAST,
        Next = 1 + LAST,
        Own = Self::OWN,
    }
    impl Numbered {
        const OWN: u8 = 9;
    }
    #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
    #[repr(C)]
    enum AsInC {
        Text(String),
        Number(u8),
    }
    #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
    #[repr(C, i64)]
    enum Wide {
        Text(String) = -1,
        Number(u8),
    }
    #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
    enum Alone {
        Text(String),
    }

    let texts = [Numbered::Seven("x".into()), Numbered::Last { text: "x".into() }];
    for key in texts.into_iter().chain([Numbered::Next, Numbered::Own]) {
        assert!(hashes(&NumberedRef::from(&key), &key));
    }
    assert!(!hashes(&NumberedRef::Seven("x"), &NumberedRef::Last { text: "x" }));
    for key in [AsInC::Text("x".into()), AsInC::Number(1)] {
        assert!(hashes(&AsInCRef::from(&key), &key));
    }
    for key in [Wide::Text("x".into()), Wide::Number(1)] {
        assert!(hashes(&WideRef::from(&key), &key));
    }
    assert!(AloneRef::Text("x").equivalent(&Alone::Text("x".into())));
    assert!(hashes(&AloneRef::Text("x"), &"x"));
}

#[test]
fn generic_enums_have_generic_twins() {
    #[derive(Clone, Debug, PartialEq, Eq, Hash, CacheKey)]
    enum Tree<'a, T: Ord, const N: usize = 2>
    where
        T: Clone,
    {
        Leaf(&'a str, Cow<'a, [T]>),
        Node { items: [T; N], next: Option<Box<Self>> },
        Marked(#[cache_key(copy)] std::marker::PhantomData<&'a T>),
    }
    let leaf: Tree<'_, String> = Tree::Leaf("a", Cow::Owned(vec!["b".to_owned()]));
    let node = Tree::Node { items: ["c".to_owned(), "d".to_owned()], next: Some(Box::new(leaf.clone())) };
    let (short, marked) = ("a".to_owned(), Tree::Marked(std::marker::PhantomData));
    assert!(TreeRef::Leaf(&short, &["b".to_owned()]).equivalent(&leaf));
    for key in [&leaf, &node, &marked] {
        let twin = TreeRef::from(key);
        assert!(twin.equivalent(key) && hashes(&twin, key));
    }
    assert!(!TreeRef::from(&node).equivalent(&leaf) && TreeRef::from(&node) != TreeRef::from(&marked));
}

/// A part that is copied is so in the key that is made, too, if its type says that it can be.
#[test]
fn what_is_copied_may_be_of_any_type_that_can() {
    #[derive(Clone, Debug, PartialEq, Eq, Hash, CacheKey)]
    struct Numbered<T> {
        #[cache_key(copy)]
        id: T,
        name: String,
    }
    #[derive(Clone, Debug, PartialEq, Eq, Hash, CacheKey)]
    enum Either<T> {
        Id(#[cache_key(copy)] T),
        Name(String),
    }
    assert_eq!(NumberedRef::new(7, "x").to_key(), Numbered { id: 7, name: "x".to_owned() });
    assert_eq!(EitherRef::Id(7).to_key(), Either::Id(7));
    assert_eq!(EitherRef::<u8>::Name("x").to_key(), Either::Name("x".to_owned()));
}

/// What looks up by a twin can make the key of it.
#[test]
fn a_twin_becomes_the_key_where_there_is_none() {
    #[derive(Clone, Debug, PartialEq, Eq, Hash, CacheKey)]
    struct Route<T> {
        host: String,
        ports: Vec<T>,
    }
    let mut lengths: Cache<Route<u16>, usize> = Cache::new(10);
    let twin = RouteRef::new("example.org", &[80, 443][..]);
    for _ in 0..2 {
        assert_eq!(lengths.get_or_insert_with_by_ref(&twin, || twin.host.len()), Ok(&mut 11));
    }
    let key = Route { host: "example.org".to_string(), ports: vec![80, 443] };
    assert_eq!((lengths.stats().hits, lengths.len()), (1, 1));
    assert_eq!((Route::from(twin), lengths.get(&key)), (key.clone(), Some(&11)));
}

/// A hash by hand that the twin cannot know of.
#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "derive `Hash` for `Careless`")]
fn a_hash_of_another_kind_is_found_out() {
    #[derive(Clone, PartialEq, Eq, CacheKey)]
    struct Careless {
        name: String,
    }
    #[allow(clippy::derived_hash_with_manual_eq)]
    impl Hash for Careless {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.name.len().hash(state);
        }
    }
    let _ = CarelessRef::from(&Careless { name: "x".to_owned() });
}

#[test]
fn keys_and_values_are_what_they_are() {
    fn key<T: CacheKey>(key: &T) -> u64 {
        key.cache_hash()
    }
    fn value<T: CacheValue>(value: &T) -> T {
        value.clone()
    }
    assert_eq!(key(&"a"), key(&"a".to_owned()));
    assert_ne!(key(&"a"), key(&"b"));
    assert_eq!(key(&everything()), EverythingRef::from(&everything()).cache_hash());
    assert_eq!(value(&vec![1.5]), [1.5]);
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn equal_parts_are_equivalent_and_others_are_not(
        a in ("[ab]{0,2}", 0..2_u8),
        b in ("[ab]{0,2}", 0..2_u8),
    ) {
        let key = Name(a.0.clone(), a.1);
        let twin = NameRef::new(&b.0, b.1);
        prop_assert_eq!(twin.equivalent(&key), a == b);
        prop_assert_eq!(hashes(&twin, &key), a == b);
    }
}
