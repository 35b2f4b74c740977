//! A module without a prelude.
mod bare {
    #![no_implicit_prelude]

    #[::nebula_memory::cached(ttl = "1s", tti = "1s", weigh = |_, _| 1, name = lengths)]
    pub fn length(text: &str, more: ::core::option::Option<&str>) -> ::core::result::Result<usize, u8> {
        let more = match more {
            ::core::option::Option::Some(more) => more.len(),
            ::core::option::Option::None => 0,
        };
        ::core::result::Result::Ok(text.len() + more)
    }

    #[::nebula_memory::cached(single_flight)]
    pub async fn waits(text: &str, more: ::core::option::Option<&str>) -> usize {
        text.len() + more.map_or(0, str::len)
    }
}

fn main() {
    assert_eq!(bare::length("abc", Some("d")), Ok(4));
    assert_eq!(bare::lengths().len(), 1);
    let _ = bare::waits("a", None);
}
