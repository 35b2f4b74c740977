//! All kinds of structs and enums.
#![deny(warnings)]
#![deny(missing_docs, unreachable_pub, unused_qualifications)]
#![forbid(unsafe_code)]
use nebula_memory::CacheKey;
use nebula_memory::cache::Cache;

/// Docs.
#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
pub struct Named {
    /// A number.
    pub number: u32,
    /// A text.
    pub text: String,
    r#type: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
#[cache_key(name = TupleParts, vis = pub(crate))]
struct Tuple(Vec<u8>, u8);

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Generic<'a, 'b: 'a, T: Clone + 'a = u8, const N: usize = 1>
where
    T: Ord,
{
    values: [T; N],
    list: Vec<T>,
    text: &'a str,
    inner: Option<std::sync::Arc<Self>>,
    other: std::borrow::Cow<'b, [T]>,
}

/// Docs.
#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
#[non_exhaustive]
#[repr(u8)]
pub enum Variants {
    /// A number, and a text.
    Both {
        /// A number.
        number: u32,
        /// A text.
        r#type: Option<String>,
    } = 7,
    /// Bytes.
    Bytes(Vec<u8>, u8),
    /// Nothing.
    Nothing,
    /// Nothing either.
    #[deprecated]
    Old {},
    /// Nor this.
    Empty(),
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
#[cache_key(name = OneParts, vis = pub(crate))]
enum One {
    Text(String),
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum Tree<'a, 'b: 'a, T: Clone + 'a = u8, const N: usize = 1>
where
    T: Ord,
{
    Leaf(&'a str, [T; N]),
    Node { list: Vec<T>, inner: Option<std::sync::Arc<Self>>, other: std::borrow::Cow<'b, [T]> },
    r#None,
}

mod inner {
    #[derive(Clone, PartialEq, Eq, Hash, nebula_memory::CacheKey)]
    pub(super) struct Private {
        text: String,
        pub(super) seen: String,
    }

    impl Private {
        pub(super) fn new(text: &str) -> Self {
            Self { text: text.into(), seen: String::new() }
        }
    }
}

fn main() {
    let mut cache = Cache::new(1);
    cache.insert(Named { number: 1, text: "a".into(), r#type: None }, 2);
    assert_eq!(cache.get(&NamedRef { number: 1, text: "a", r#type: None }), Some(&2));
    assert_eq!(cache.get(&NamedRef::new(1, "a", Some("b"))), None);
    let mut cache = Cache::new(1);
    cache.insert(TupleParts::new(&[1], 2).to_key(), 3);
    assert_eq!(cache.get(&TupleParts(&[1], 2)), Some(&3));
    let generic = Generic { values: [1], list: vec![2], text: "3", inner: None, other: [4].to_vec().into() };
    let mut cache = Cache::new(1);
    cache.insert(generic.clone(), 5);
    assert_eq!(cache.get(&GenericRef::from(&generic)), Some(&5));
    assert_eq!(cache.get(&GenericRef::new(&[1], &[2], "3", None, &[4])), Some(&5));
    let mut cache = Cache::new(5);
    cache.insert(Variants::Both { number: 1, r#type: Some("a".into()) }, 1);
    cache.insert(VariantsRef::Bytes(&[1], 2).to_key(), 2);
    cache.insert(Variants::Nothing, 3);
    cache.insert(Variants::Empty(), 4);
    assert_eq!(cache.get(&VariantsRef::Both { number: 1, r#type: Some("a") }), Some(&1));
    assert_eq!(cache.get(&VariantsRef::Bytes(&[1], 2)), Some(&2));
    assert_eq!(cache.get(&VariantsRef::Nothing), Some(&3));
    assert_eq!(cache.get(&VariantsRef::Empty()), Some(&4));
    assert_eq!(cache.get(&VariantsRef::Old {}), None);
    assert!(One::from(OneParts::Text("a")) == One::Text("a".into()));
    let leaf: Tree<'_, '_, u8> = Tree::Leaf("a", [1]);
    let node = Tree::Node { list: vec![1], inner: Some(leaf.clone().into()), other: [2].to_vec().into() };
    let mut cache = Cache::new(2);
    cache.insert(node.clone(), 1);
    cache.insert(Tree::r#None, 2);
    assert_eq!(cache.get(&TreeRef::Node { list: &[1], inner: Some(&leaf), other: &[2] }), Some(&1));
    assert_eq!(cache.get(&TreeRef::from(&node)), Some(&1));
    assert_eq!(cache.get(&TreeRef::Leaf("a", &[1])), None);
    assert_eq!(cache.get(&TreeRef::r#None), Some(&2));
    assert!(inner::PrivateRef::new("a", "").to_key() == inner::Private::new("a"));
    assert_eq!(inner::PrivateRef::new("a", "b").seen, "b");
}
