//! Policies by their names.
#![cfg(all(not(loom), feature = "cache"))]

use nebula_memory::cache::policy::{AnyPolicy, Elastic, Lru, Random, WTinyLfu};

#[test]
fn policies_are_read_as_they_are_written() {
    let told = [Random::new(7).into(), WTinyLfu::with_window(0).into(), WTinyLfu::with_window(100).into()];
    for policy in AnyPolicy::all().chain(told) {
        assert_eq!(policy.to_string().parse(), Ok(policy));
    }
    assert!(AnyPolicy::all().map(|policy| policy.to_string()).eq(AnyPolicy::NAMES.iter().copied()));
    assert_eq!("random:18446744073709551615".parse(), Ok(AnyPolicy::from(Random::new(u64::MAX))));
    assert_eq!(
        format!("{:>6}|{:<12}|", AnyPolicy::from(Lru), AnyPolicy::from(Random::new(7))),
        "   lru|random:7    |"
    );
    assert_eq!(AnyPolicy::default(), Elastic.into());
}

#[test]
fn what_names_no_policy_is_told_why() {
    for (text, says) in [
        (
            "",
            "there is no policy ``; there are random, fifo, lru, lfu, sieve, s3fifo, elastic, wtinylfu, adaptive",
        ),
        ("LRU", "there is no policy `LRU`; there are random, "),
        (" lru", "there is no policy ` lru`"),
        ("best:7", "there is no policy `best`"),
        ("random:", "the seed of `random` is a number of 64 bits, not ``"),
        ("random:18446744073709551616", "not `18446744073709551616`"),
        ("wtinylfu:101", "the window of `wtinylfu` is 0 to 100 percent, not `101`"),
        ("wtinylfu:1:2", "not `1:2`"),
        ("lru:7", "`lru` can be told nothing, not `7` either"),
    ] {
        let error = text.parse::<AnyPolicy>().unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
