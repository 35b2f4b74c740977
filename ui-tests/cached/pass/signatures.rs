//! All kinds of functions.
#![deny(warnings)]
#![deny(missing_docs, unreachable_pub, unused_qualifications, unreachable_code)]
use nebula_memory::cached;

/// Docs.
#[cached]
#[inline(never)]
#[must_use]
pub fn documented(n: u32) -> u32 {
    n + 1
}

#[cached]
pub(crate) unsafe extern "C" fn foreign(n: i32) -> i32 {
    n + 1
}

#[cached(name = of_types)]
fn generic<'a, T: Clone + std::hash::Hash + Eq + Send + Sync + 'static, const N: usize>(values: &'a [T; N], _unused: u8) -> Vec<T>
where
    T: PartialEq,
    'a: 'a,
{
    if N == 0 {
        return Vec::new();
    }
    values.to_vec()
}

#[cached(name = gone)]
#[cfg(any())]
fn is_not_there(a: u8) -> Unknown {}

#[cached(key = |count| -> usize { *count })]
fn patterns(count: usize, (a, b): (&str, f64), [c, ..]: [u8; 2], _: &mut u8) -> String {
    format!("{count}{a}{b}{c}")
}

#[cached]
fn inner_attributes(n: u8) -> u8 {
    #![allow(unused_variables)]
    let unused = n;
    n
}

#[cached]
fn mutated(mut n: u8, mut text: String) -> String {
    n += 1;
    text.push_str(&n.to_string());
    text
}

#[cached]
fn constant() -> &'static str {
    "constant"
}

#[cached]
fn functions(f: fn(&str) -> &str) -> fn(&u8) -> &u8 {
    let _ = f;
    |n| n
}

#[cached]
fn early(n: u32) -> Result<u32, Box<dyn std::error::Error>> {
    for i in 0.. {
        if i == n {
            return Ok(i);
        }
        if i > 100 {
            Err("large")?;
        }
    }
    unreachable!()
}

#[cached]
async fn asynchronous(n: u32) -> Result<u32, Box<dyn std::error::Error>> {
    if n == 1 {
        return Err("one".into());
    }
    Ok(std::future::ready(n).await)
}

#[cached(single_flight)]
async fn shared(text: &str, note: Option<&str>) -> Box<str> {
    let text: &str = text;
    format!("{text}{note:?}").into()
}

fn main() {
    assert_eq!((documented(1), constant(), mutated(1, "a".into())), (2, "constant", "a2".into()));
    assert_eq!(unsafe { foreign(1) }, 2);
    assert_eq!(generic(&[1, 2], 0), [1, 2]);
    assert_eq!(of_types::<i32, 2>().len(), 1);
    assert_eq!(patterns(1, ("a", 1.5), [1, 2], &mut 0), "1a1.51");
    assert_eq!(patterns(1, ("b", 2.5), [1, 2], &mut 0), "1a1.51");
    assert_eq!(inner_attributes(1), 1);
    assert_eq!(functions(|text| text)(&1), &1);
    assert_eq!((early(3).unwrap(), early(200).is_err()), (3, true));
    let _ = (asynchronous(1), shared("a", None));
}
